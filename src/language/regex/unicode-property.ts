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
  const [, key, value] = /^(?:(\w+)\s*[=:]\s*)?([\w\s-]+)$/.exec(name) ?? [];
  if (value === undefined) return undefined;
  for (const prefix of key === undefined ? ['', 'Script='] : [prefixOf(key)]) {
    for (const spelling of spellings(value)) {
      const pattern = tryPattern(`\\p{${prefix}${spelling}}+`);
      if (pattern !== undefined) return pattern;
    }
  }
  return undefined;
}

function prefixOf(key: string): string {
  if (/^sc(ript)?$/i.test(key)) return 'Script=';
  return /^(scx|script_?extensions)$/i.test(key) ? 'Script_Extensions=' : 'General_Category=';
}

/** Rust does not care for case, spaces, `_` and `-`; JavaScript does: Lu, Greek and White_Space are its ways. */
function spellings(value: string): readonly string[] {
  const words = value.split(/[\s_-]+/).map(word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  return [value, words.join('_')];
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
