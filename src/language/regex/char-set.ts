// Sets of characters as sorted, disjoint ranges of numbers: bytes (0 to 255) or code points (0 to 0x10FFFF).

export interface CharRange {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

export type CharSet = readonly CharRange[];

export const GREATEST_BYTE = 0xff;
export const GREATEST_CODE_POINT = 0x10ffff;

export function charSet(ranges: readonly CharRange[]): CharSet {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/** Pairs of characters: charRanges('az', '09'). */
export function charRanges(...pairs: readonly string[]): CharSet {
  return charSet(pairs.map(pair => ({ from: pair.codePointAt(0) ?? 0, to: pair.codePointAt(pair.length - 1) ?? 0 })));
}

export function oneChar(char: number): CharSet {
  return [{ from: char, to: char }];
}

export function unite(...sets: readonly CharSet[]): CharSet {
  return charSet(sets.flat());
}

/** What is not in the set, up to and including `greatest`. */
export function negate(set: CharSet, greatest: number): CharSet {
  const gaps: CharRange[] = [];
  let next = 0;
  for (const { from, to } of set) {
    if (from > next) gaps.push({ from: next, to: from - 1 });
    next = to + 1;
  }
  if (next <= greatest) gaps.push({ from: next, to: greatest });
  return gaps;
}

export function intersect(a: CharSet, b: CharSet): CharSet {
  const common: CharRange[] = [];
  for (const left of a) {
    for (const right of b) {
      const from = Math.max(left.from, right.from);
      const to = Math.min(left.to, right.to);
      if (from <= to) common.push({ from, to });
    }
  }
  return charSet(common);
}

export function subtract(a: CharSet, b: CharSet): CharSet {
  return intersect(a, negate(b, GREATEST_CODE_POINT));
}
