// Case: a set with every character that differs from one of its own only in case. ASCII letters while Unicode is off,
// simple folding when it is on.

import { type CharRange, type CharSet, charSet, intersect, unite } from './char-set';
import type { Flags } from './flags';
import { unicodeProperty } from './unicode-property';

export function fold(set: CharSet, { ignoreCase, unicode }: Flags): CharSet {
  if (!ignoreCase) return set;
  return unicode ? foldUnicode(set) : foldAscii(set);
}

function foldUnicode(set: CharSet): CharSet {
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

/** Characters by their equals under simple case folding, built once. */
function caseVariants(): Map<number, ReadonlySet<number>> {
  if (variants !== undefined) return variants;
  variants = new Map();
  for (const group of groupsByCase()) {
    for (const char of group) {
      const equals = new RegExp(`^\\u{${char.toString(16)}}$`, 'iu');
      variants.set(char, new Set(group.filter(other => equals.test(String.fromCodePoint(other)))));
    }
  }
  return variants;
}

/** By their upper and lower case: more than folding has (U+0131 and i), so /iu decides about each pair. */
function groupsByCase(): readonly (readonly number[])[] {
  const groups = new Map<string, Set<number>>();
  for (const { from, to } of unicodeProperty('Changes_When_Casemapped') ?? []) {
    for (let char = from; char <= to; char++) {
      const text = String.fromCodePoint(char);
      const folded = [...text.toUpperCase()].length === 1 ? text.toUpperCase().toLowerCase() : text.toLowerCase();
      const group = groups.get(folded) ?? new Set([...folded].length === 1 ? [folded.codePointAt(0) ?? char] : []);
      groups.set(folded, group.add(char));
    }
  }
  return [...groups.values()].map(group => [...group]);
}

/** ASCII letters only. */
function foldAscii(set: CharSet): CharSet {
  const shifted = (from: number, to: number, by: number): CharSet =>
    intersect(set, [{ from, to }]).map(range => ({ from: range.from + by, to: range.to + by }));
  return unite(set, shifted(0x41, 0x5a, 0x20), shifted(0x61, 0x7a, -0x20));
}
