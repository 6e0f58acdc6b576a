// Address comparisons. They never cross families: in a packet of the other family every one is false, `ne` true.

import { defect, invariant } from '../diagnostic/invariant';
import { type Address, addressBits } from '../net/address';
import { between, type IntervalSet, normalize, of, universe } from '../net/interval-set';
import type { PacketFamily } from '../packet/packet';
import type { PositiveOrdering, PositiveTest } from './condition';
import { FALSE, type Formula, type Load, test } from './formula';

/** The ranges of one list of a policy, both families together. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

export type Lists = ReadonlyMap<string, readonly AddressRange[]>;

export function lowerAddressTest(
  load: Load,
  family: PacketFamily,
  asked: PositiveTest,
  lists: Lists | undefined,
): Formula {
  const version = family === 'ip' ? 4 : 6;
  switch (asked.kind) {
    case 'order': {
      invariant(asked.right.kind === 'address', 'an address is compared with an address');
      const right = asked.right.value;
      return inSet(load, right.family === version ? ordered(asked.operator, right) : []);
    }
    case 'in_addresses': {
      const items = asked.items.filter(item => item.from.family === version);
      return inSet(load, normalize(items.map(item => ({ from: item.from.value, to: item.to.value }))));
    }
    case 'in_list': {
      const found = inSet(load, rangesOf(lists?.get(asked.list) ?? [], version));
      return found.kind === 'test' ? { ...found, list: asked.list } : found;
    }
    default:
      return defect(`check() let ${asked.kind} pass on an address`);
  }
}

/** One object for all that ask for the list, which may be long. */
function rangesOf(list: readonly AddressRange[], version: 4 | 6): IntervalSet {
  const known = RANGES[version].get(list) ?? normalize(list.filter(({ family }) => family === version));
  RANGES[version].set(list, known);
  return known;
}

type RangesByList = WeakMap<readonly AddressRange[], IntervalSet>;

const RANGES: Readonly<Record<4 | 6, RangesByList>> = { 4: new WeakMap(), 6: new WeakMap() };

function inSet(load: Load, values: IntervalSet): Formula {
  return values.length === 0 ? FALSE : test(load, values);
}

function ordered(operator: PositiveOrdering, right: Address): IntervalSet {
  const top = universe(addressBits(right.family))[0]?.to ?? 0n;
  switch (operator) {
    case 'eq':
      return of(right.value);
    case 'lt':
      return between(0n, right.value - 1n);
    case 'le':
      return between(0n, right.value);
    case 'gt':
      return between(right.value + 1n, top);
    case 'ge':
      return between(right.value, top);
  }
}
