// A map whose elements take many messages of 64 KiB: all of them are there, each with its rule, and one more or less
// leaves the others alone. And what a killed apply left in a map goes with the next.

import { openConnection } from '../../src/netlink/connection';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { createNamespace, deleteNamespace, namespacePath } from '../../src/netns/namespace';
import type { Plan } from '../../src/plan';
import { readActual } from '../../src/reconcile/actual';
import { apply } from '../../src/reconcile/apply';
import { readCounters, readKeys } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { tableSpec } from '../../src/reconcile/table-spec';
import { changeTable } from '../../src/reconcile/transaction';
import { planOf, type WrittenRule } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-large-map-${process.pid}`;
const target = { namespace: NAME };
const RULES: readonly WrittenRule[] = Array.from({ length: 5000 }, (_, each) => ({
  ref: `rule-with-a-long-name-${each}`,
  expression: `ip.src == 10.0.${each >> 8}.${each & 255} and tcp.dstport == ${1000 + each}`,
  action: 'block',
}));

beforeAll(() => createNamespace(NAME));
afterAll(async () => {
  await destroy(target);
  deleteNamespace(NAME);
});

test('five thousand rules come into force and are read back in their order', async () => {
  const plan = planOf(RULES, { stages: 'verdict_map' });
  expect(plan.tables.ip.maps.map(({ elements }) => elements.length)).toEqual([5000]);
  const { difference } = await apply(plan, target, TEST_CACHE);
  expect(difference.added.length).toBe(5000);
  expect((await readCounters(target)).rules.map(({ ref }) => ref)).toEqual(RULES.map(({ ref }) => ref));
  expect((await apply(plan, target, TEST_CACHE)).difference.none).toBe(true);
});

test('of which the next version changes half', async () => {
  const after = RULES.filter((_, each) => each % 2 === 0);
  const plan = planOf(after, { stages: 'verdict_map', keys: await readKeys(target) });
  const { difference } = await apply(plan, target, TEST_CACHE);
  expect([difference.removed.length, difference.unchanged.length]).toEqual([2500, 2500]);
  expect((await readCounters(target)).rules.map(({ ref }) => ref)).toEqual(after.map(({ ref }) => ref));
  expect((await apply(plan, target, TEST_CACHE)).difference.none).toBe(true);
});

test('elements that a killed apply left behind go with the next', async () => {
  const [first, second] = [RULES.slice(0, 40), RULES.slice(40, 80)];
  const log: WrittenRule = { ref: 'log', expression: 'ip.ttl == 1', action: 'log' };
  await apply(planOf([...first, ...second], { stages: 'verdict_map' }), target, TEST_CACHE);
  const next = planOf([...first, log, ...second], { stages: 'verdict_map', keys: await readKeys(target) });
  await commitWithoutAfterwards(next);
  const { difference } = await apply(next, target, TEST_CACHE);
  expect(difference).toMatchObject({ none: false, added: [], removed: [] });
  expect((await apply(next, target, TEST_CACHE)).difference.none).toBe(true);
  expect((await readCounters(target)).rules.length).toBe(81);
});

/** The first of the two batches, as by an apply that gets no further. */
async function commitWithoutAfterwards({ tables, keys }: Plan): Promise<void> {
  const connection = openConnection({ protocol: 'netfilter', netns: namespacePath(NAME) });
  try {
    const { ip, ip6 } = await readActual(connection);
    const changes = [
      changeTable(tableSpec(tables.ip), ip, 'none', keys),
      changeTable(tableSpec(tables.ip6), ip6, 'none', keys),
    ];
    expect(changes.some(({ afterwards }) => afterwards.length > 0)).toBe(true);
    await connection.commit(encodeBatch(changes.flatMap(({ operations }) => operations)));
  } finally {
    connection.close();
  }
}
