// Order keys: decimal numbers as text ('3', '3.5') by which the rules in the kernel are known to stand in the order of
// the policy. A rule that stays keeps its key, so that a rule put between two others changes neither of them.

import { longestIncreasing } from '../../longest-increasing';

/** No leading zero, nor trailing ones behind the point, so that equal numbers are equal texts; not zero itself. */
const KEY = /^(?!0$)(?:0|[1-9][0-9]{0,8})(?:\.[0-9]*[1-9])?$/;
/** A comment with the longest ref and this is 126 characters, of which nft shows 127. */
const MOST_CHARACTERS = 24;

/** Negative where `a` stands before `b`. */
export function compareKeys(a: string, b: string): number {
  // Beyond what a double holds, the integer parts are the same and the decimals are compared as text.
  return Number(a) - Number(b) || (a === b ? 0 : fraction(a) < fraction(b) ? -1 : 1);
}

/**
 * Keys in the order of `refs`. Of `kept`, the keys in force, as many stay as the new order allows; those without one come
 * between them. Where there is no room for a short key all are numbered anew.
 */
export function orderKeys(
  refs: readonly string[],
  kept: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  if (areInOrder(refs, kept)) return kept;
  if (kept.size === 0) return numbered(refs);
  const keys = refs.map(ref => kept.get(ref)).map(key => (key !== undefined && KEY.test(key) ? key : undefined));
  const staying = stayingOf(keys);
  const placed: string[] = [];
  for (const end of [...staying, refs.length]) {
    const between = keysBetween(placed.at(-1) ?? '0', keys[end], end - placed.length);
    if (between === undefined) return numbered(refs);
    placed.push(...between, ...(end < refs.length ? [keys[end] as string] : []));
  }
  return new Map(refs.map((ref, position) => [ref, placed[position] as string]));
}

/** Whether they are these refs' keys and no others, and can all stay. */
function areInOrder(refs: readonly string[], keys: ReadonlyMap<string, string>): boolean {
  if (keys.size !== refs.length) return false;
  let before = '0';
  for (const ref of refs) {
    const key = keys.get(ref);
    if (key === undefined || !KEY.test(key) || compareKeys(before, key) >= 0) return false;
    before = key;
  }
  return true;
}

function numbered(refs: readonly string[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const [position, ref] of refs.entries()) keys.set(ref, String(position + 1));
  return keys;
}

/** Positions whose keys can stay. */
function stayingOf(keys: readonly (string | undefined)[]): number[] {
  const positions = keys.flatMap((key, position) => (key === undefined ? [] : [position]));
  const sorted = [...new Set(keys.filter(key => key !== undefined))].sort(compareKeys);
  const ranks = new Map(sorted.map((key, rank) => [key, rank]));
  const increasing = longestIncreasing(positions.map(position => ranks.get(keys[position] as string) as number));
  return increasing.map(each => positions[each] as number);
}

/** `count` keys above `low` and below `high`; undefined where they would be too long. */
function keysBetween(low: string, high: string | undefined, count: number): string[] | undefined {
  if (count === 0) return [];
  if (high === undefined) {
    const last = Math.trunc(Number(low));
    return Array.from({ length: count }, (_, each) => String(last + 1 + each));
  }
  // The one with more decimals came later. Rules that come one by one in one place find room for hundreds beside it.
  const newer = fraction(low).length - fraction(high).length;
  const step = newer === 0 ? 1 : STEP;
  const most = MOST_CHARACTERS - (high.split('.')[0] as string).length - 1;
  for (let digits = newer === 0 ? 0 : step; digits <= most; digits += step) {
    const [from, to] = [scaled(low, digits, 'down'), scaled(high, digits, 'up')];
    if (to - from <= BigInt(count)) continue;
    return Array.from({ length: count }, (_, each) => decimal(placed(from, to, { each, count, newer }), digits));
  }
  return undefined;
}

/** Decimals that are taken at a time beside a key with decimals. */
const STEP = 3;

/** Beside the newer one of the two, or spread where neither is. */
function placed(from: bigint, to: bigint, { each, count, newer }: Record<'each' | 'count' | 'newer', number>): bigint {
  if (newer > 0) return from + BigInt(each + 1);
  if (newer < 0) return to - BigInt(count - each);
  return from + ((to - from) * BigInt(each + 1)) / BigInt(count + 1);
}

/** The key times 10 to the power of `digits`, rounded to an integer. */
function scaled(key: string, digits: number, rounding: 'up' | 'down'): bigint {
  const [whole = '', behind = ''] = key.split('.');
  const number = BigInt(whole + behind.slice(0, digits).padEnd(digits, '0'));
  return rounding === 'up' && behind.length > digits ? number + 1n : number;
}

function decimal(number: bigint, digits: number): string {
  const text = String(number).padStart(digits + 1, '0');
  const [whole, behind] = [text.slice(0, text.length - digits), text.slice(text.length - digits).replace(/0+$/, '')];
  return behind === '' ? whole : `${whole}.${behind}`;
}

function fraction(key: string): string {
  return key.split('.')[1] ?? '';
}
