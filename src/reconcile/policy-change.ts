// What a plan changes in both tables, as operations for a kernel that knows tables which belong to a socket and for one
// that does not, and as a difference for people. Pure.

import type { BatchOperation } from '../netlink/nftables/batch-operation';
import { bothFamilies } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import type { Actual, ActualTable, InBothFamilies } from './actual';
import { type Carried, carriedCounts, changeDuring, goesOn } from './carried-counts';
import { allNew, type Difference, difference, hasRules } from './difference';
import { type Lost, lostOf } from './lost-counts';
import type { Transaction } from './map-transaction';
import { once } from './once';
import { restoredCounts } from './restored-counts';
import { NOTHING_SAVED, type SavedCounts } from './saved-counts';
import { type GoneCounts, type Staying, stayingRules } from './staying';
import type { TableSpec } from './table-spec';
import { addIntervalSets, changeTable, type Ownership, renewTable } from './transaction';

export type Specs = Readonly<Record<PacketFamily, TableSpec>>;
export type Operations = (ownership: Ownership) => readonly BatchOperation[];

export interface PolicyChange {
  readonly operations: Operations;
  readonly afterwards: Operations;
  /** The counts of rules that stay; those that come with `operations` are in them. */
  readonly carried: () => Readonly<Record<PacketFamily, Carried>>;
}

/** Counts that the tables do not have. */
export interface OtherCounts {
  /** Of rules that leave a classifier. */
  readonly leaving: InBothFamilies<readonly Lost[]>;
  /** Of rules that were in force once. */
  readonly saved: SavedCounts;
  readonly gone: GoneCounts;
}

/** What is kept stays so. */
const NO_OTHER_COUNTS: OtherCounts = {
  leaving: { ip: undefined, ip6: undefined },
  saved: NOTHING_SAVED,
  gone: 'kept',
};

/** Of both families. Nearly all kernels know tables that belong to a socket. */
export function changeTables(
  specs: Specs,
  actual: Actual,
  { ruleset, keys }: Plan,
  { leaving, saved, gone }: OtherCounts = NO_OTHER_COUNTS,
  way: 'change' | 'renew' = 'change',
): PolicyChange {
  const staying = stayingRules(ruleset.rules, gone, saved.size > 0);
  const restored = restoredCounts(saved, ruleset.rules, actual);
  const counts = { ip: [...restored, ...(leaving.ip ?? [])], ip6: leaving.ip6 ?? [] };
  const change = (ownership: Ownership) =>
    once(() =>
      bothFamilies(family => {
        const [spec, table] = [specs[family], actual[family]];
        if (way === 'renew') {
          const earlier = earlierAsLost(table, staying);
          const renewed = renewTable(spec, table, ownership);
          return withCounts(
            renewed,
            spec,
            table && { ...table, earlier: undefined },
            [...counts[family], ...earlier],
            staying,
          );
        }
        return withCounts(changeTable(spec, table, ownership, keys), spec, table, counts[family], staying);
      }),
    );
  const [owned, plain] = [change('owner-persist'), change('none')];
  const of = (part: 'operations' | 'afterwards'): Operations => {
    return ownership => {
      const { ip, ip6 } = ownership === 'none' ? plain() : owned();
      return [...ip[part], ...ip6[part]];
    };
  };
  const carried = () => bothFamilies(family => owned()[family].carried);
  return { operations: of('operations'), afterwards: of('afterwards'), carried };
}

function withCounts(
  transaction: Transaction,
  { table: { family, name } }: TableSpec,
  actual: ActualTable | undefined,
  others: readonly Lost[],
  staying: Staying,
): Transaction & { readonly carried: Carried } {
  const losing =
    actual === undefined ? { ...transaction, lost: [], lostAfterwards: [] } : lostOf(transaction, actual, staying);
  const lost = [...losing.lost, ...others];
  const carried = carriedCounts(name, actual?.earlier, { ...losing, lost }, staying);
  const during = changeDuring(family === 'ip6' ? 'ip6' : 'ip', carried);
  return { operations: [...losing.operations, ...during], afterwards: losing.afterwards, carried };
}

/** With the set that they lie in. */
function earlierAsLost(actual: ActualTable | undefined, staying: Staying): Lost[] {
  return [...(actual?.earlier ?? [])].flatMap(([digest, count]) => {
    return goesOn(digest, count, staying) ? [{ digest, object: `earlier ${digest}`, ...count }] : [];
  });
}

export function differenceOf(
  specs: Specs,
  actual: Actual,
  { operations, afterwards }: PolicyChange,
  { ruleset }: Plan,
): Difference {
  const none = !hasOperations(operations) && !hasOperations(afterwards);
  if (!hasRules(actual.ip) && !hasRules(actual.ip6)) return allNew(ruleset.rules, none);
  return difference(specs, actual, none);
}

export function intervalSets({ ip, ip6 }: Specs, actual: Actual): Operations {
  return ownership => [...addIntervalSets(ip, actual.ip, ownership), ...addIntervalSets(ip6, actual.ip6, ownership)];
}

export function hasOperations(operations: Operations): boolean {
  return operations('owner-persist').length > 0;
}
