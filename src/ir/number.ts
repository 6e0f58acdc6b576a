// Integer comparisons. A number of the language is a window on loaded bytes: masked, shifted down, moved by a constant.
// Its comparisons become intervals of what is loaded, so that `<`, `in`, `==` and `&` are all one kind of test.

import { defect, invariant } from '../diagnostic/invariant';
import { between, greatest, type IntervalSet, intersect, normalize, of } from '../net/interval-set';
import type { PositiveOrdering, PositiveTest } from './condition';
import { and, FALSE, type Formula, type Load, loadBits, test } from './formula';

export interface PacketNumber {
  /** What else must hold for the number to be there: the upper-layer protocol. */
  readonly guards: readonly Formula[];
  readonly load: Load;
  /** Bits of the load that make up the value; undefined is all of them. */
  readonly mask: bigint | undefined;
  /** The value is the masked load shifted down by so many bits. */
  readonly shift: number;
  /** Added last. */
  readonly plus: bigint;
}

/** A bare Bool field is a one-bit number that is set. */
export function lowerNumberTest(number: PacketNumber, asked: PositiveTest): Formula {
  switch (asked.kind) {
    case 'order': {
      const right = asked.right;
      invariant(right.kind === 'int', 'an integer is compared with an integer');
      return inValues(number, ordered(asked.operator, right.value, domain(number)));
    }
    case 'in_ints':
      return inValues(number, normalize(asked.items));
    case 'bitwise_and':
      return anyBitOf(number, asked.mask);
    case 'truth':
      return inValues(number, between(1n, domain(number).to));
    default:
      return defect(`check() let ${asked.kind} pass on an integer`);
  }
}

/** All of a load as it stands. */
export function wholeNumber(guards: readonly Formula[], load: Load): PacketNumber {
  return { guards, load, mask: undefined, shift: 0, plus: 0n };
}

export function atLeast(number: PacketNumber, value: bigint): Formula {
  return inValues(number, between(value, domain(number).to));
}

function ordered(operator: PositiveOrdering, right: bigint, all: { from: bigint; to: bigint }): IntervalSet {
  switch (operator) {
    case 'eq':
      return between(right, right);
    case 'lt':
      return between(all.from, right - 1n);
    case 'le':
      return between(all.from, right);
    case 'gt':
      return between(right + 1n, all.to);
    case 'ge':
      return between(right, all.to);
  }
}

/** The values that the number can have at all. */
function domain({ load, mask, shift, plus }: PacketNumber): { from: bigint; to: bigint } {
  const all = greatest(loadBits(load));
  return { from: plus, to: ((mask ?? all) >> BigInt(shift)) + plus };
}

function inValues(number: PacketNumber, values: IntervalSet): Formula {
  const { guards, load, mask, shift, plus } = number;
  const possible = intersect(values, [domain(number)]);
  if (possible.length === 0) return FALSE;
  // Below the window the mask leaves zeros, so the shifted bounds are exact.
  const loaded = possible.map(({ from, to }) => ({
    from: (from - plus) << BigInt(shift),
    to: (to - plus) << BigInt(shift),
  }));
  return and([...guards, test(load, loaded, mask)]);
}

/** `value & bits`: true when any of the bits is set; negative literals are two's complement as in the language. */
function anyBitOf({ guards, load, mask, shift, plus }: PacketNumber, bits: bigint): Formula {
  const moved: Load = plus !== 0n && load.kind === 'bytes' ? { ...load, plus } : load;
  const width = loadBits(moved);
  const all = greatest(width);
  const asked = (BigInt.asUintN(width, bits) << BigInt(shift)) & (mask ?? all);
  if (asked === 0n) return FALSE;
  const single = (asked & (asked - 1n)) === 0n;
  return and([...guards, test(moved, single ? of(asked) : between(1n, all), asked)]);
}
