// \p{…}: Unicode properties, taken from the JavaScript engine's own tables by matching all code points, once for each
// property that is asked for.

import { type CharRange, type CharSet, charSet, GREATEST_CODE_POINT } from './char-set';

/** The code points of `\p{name}`, surrogates apart; undefined when there is no such property. */
export function unicodeProperty(name: string): CharSet | undefined {
  const known = properties.get(name);
  if (known !== undefined) return known;
  const pattern = propertyPattern(name);
  if (pattern === undefined) return undefined;
  const set = scan(pattern);
  properties.set(name, set);
  return set;
}

const properties = new Map<string, CharSet>();

/** The forms are X, key=X and key:X. Only letters, digits, spaces, `_` and `-` get into the pattern. */
function propertyPattern(name: string): RegExp | undefined {
  const [, key, value] = /^(?:([\w\s-]+)[=:])?([\w\s-]+)$/.exec(name) ?? [];
  if (value === undefined) return undefined;
  const prefixes = key === undefined ? ['', 'Script='] : [PREFIXES.get(key.replace(/[\s_-]/g, '').toLowerCase())];
  for (const prefix of prefixes) {
    if (prefix === undefined) continue;
    for (const spelling of spellings(value)) {
      const pattern = tryPattern(`\\p{${prefix}${spelling}}+`);
      if (pattern !== undefined) return pattern;
    }
  }
  return undefined;
}

/** Those that JavaScript knows too. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['sc', 'Script='],
  ['script', 'Script='],
  ['scx', 'Script_Extensions='],
  ['scriptextensions', 'Script_Extensions='],
  ['gc', 'General_Category='],
  ['generalcategory', 'General_Category='],
]);

/** Rust does not care for case, spaces, `_`, `-` and a leading `is`; JavaScript does: Lu, Old_Italic, White_Space. */
function spellings(value: string): readonly string[] {
  const bare = value.trim();
  return [bare, words(bare), words(bare.replace(/^is/i, ''))];
}

function words(value: string): string {
  const parts = value.split(/[\s_-]+/).filter(word => word !== '');
  return parts.map(word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('_');
}

function tryPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'gu');
  } catch {
    return undefined;
  }
}

const BLOCK = 0x1000;

/** Matches runs in blocks of code points, which is much faster than one by one. */
function scan(pattern: RegExp): CharSet {
  const ranges: CharRange[] = [];
  for (let first = 0; first < GREATEST_CODE_POINT; first += BLOCK) {
    // Half a surrogate pair next to another would make a pair: leave them out.
    const chars = Array.from({ length: BLOCK }, (_, i) => first + i).filter(char => char < 0xd800 || char > 0xdfff);
    const start = chars[0] ?? first;
    const units = first > 0xffff ? 2 : 1;
    for (const { index, 0: run } of String.fromCodePoint(...chars).matchAll(pattern)) {
      const from = start + index / units;
      ranges.push({ from, to: from + run.length / units - 1 });
    }
  }
  return charSet(ranges);
}
