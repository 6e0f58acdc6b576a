// Unicode properties and case folding, taken from the JavaScript engine's own tables: \p{…} by asking a RegExp about
// every code point, once per property.

import { type CharRange, type CharSet, charSet, GREATEST_CODE_POINT, intersect, unite } from './char-set';

/** The code points of `\p{name}`; undefined when there is no such property. */
export function unicodeProperty(name: string): CharSet | undefined {
  const known = properties.get(name);
  if (known !== undefined) return known;
  const pattern = propertyPattern(name);
  const set = pattern && scan(pattern);
  if (set !== undefined) properties.set(name, set);
  return set;
}

const properties = new Map<string, CharSet>();

/** Names are matched as Rust does, without regard to case, spaces, `_` and `-`; the forms are X, key=X and key:X. */
function propertyPattern(name: string): RegExp | undefined {
  const [, key, value] = /^(?:(\w+)\s*(?:=|:)\s*)?(.+)$/.exec(name) ?? [];
  if (value === undefined) return undefined;
  const proper = value.replace(/[A-Za-z]+/g, word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  const spelled = proper.replace(/[\s-]+/g, '_');
  const short = value.length <= 2 ? [value.charAt(0).toUpperCase() + value.slice(1).toLowerCase()] : [];
  const keyed =
    key === undefined
      ? ['', 'Script=']
      : [
          /^s(c|cript)$/i.test(key)
            ? 'Script='
            : /^scx|script_?extensions$/i.test(key)
              ? 'Script_Extensions='
              : 'General_Category=',
        ];
  for (const prefix of keyed) {
    for (const word of [value, ...short, spelled]) {
      const pattern = tryPattern(`\\p{${prefix}${word}}`);
      if (pattern !== undefined) return pattern;
    }
  }
  return undefined;
}

function tryPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u');
  } catch {
    return undefined;
  }
}

function scan(pattern: RegExp): CharSet {
  const ranges: CharRange[] = [];
  let from = -1;
  for (let char = 0; char <= GREATEST_CODE_POINT + 1; char++) {
    const inside = char <= GREATEST_CODE_POINT && pattern.test(String.fromCodePoint(char));
    if (inside && from < 0) from = char;
    if (!inside && from >= 0) {
      ranges.push({ from, to: char - 1 });
      from = -1;
    }
  }
  return ranges;
}

/** The set with every character that differs from one of its own only in case (simple folding). */
export function foldUnicode(set: CharSet): CharSet {
  const cased = unicodeProperty('Changes_When_Casemapped') ?? [];
  const added: CharRange[] = [];
  for (const { from, to } of intersect(set, cased)) {
    for (let char = from; char <= to; char++) {
      for (const variant of caseVariants().get(char) ?? []) added.push({ from: variant, to: variant });
    }
  }
  return unite(set, charSet(added));
}

let variants: Map<number, ReadonlySet<number>> | undefined;

/** Characters by their equals under /iu, built once. */
function caseVariants(): Map<number, ReadonlySet<number>> {
  if (variants !== undefined) return variants;
  const groups = new Map<string, Set<number>>();
  for (const { from, to } of unicodeProperty('Changes_When_Casemapped') ?? []) {
    for (let char = from; char <= to; char++) {
      const text = String.fromCodePoint(char);
      const folded = [...text.toUpperCase()].length === 1 ? text.toUpperCase().toLowerCase() : text.toLowerCase();
      const group = groups.get(folded) ?? new Set([...folded].length === 1 ? [folded.codePointAt(0) ?? char] : []);
      groups.set(folded, group.add(char));
    }
  }
  variants = new Map([...groups.values()].flatMap(group => [...group].map(char => [char, group] as const)));
  return variants;
}

/** ASCII letters only. */
export function foldAscii(set: CharSet): CharSet {
  const shifted = (from: number, to: number, by: number): CharSet =>
    intersect(set, [{ from, to }]).map(range => ({ from: range.from + by, to: range.to + by }));
  return unite(set, shifted(0x41, 0x5a, 0x20), shifted(0x61, 0x7a, -0x20));
}
