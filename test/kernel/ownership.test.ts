// Whose the tables are: those of a process that stays are its own as long as it is there, and nobody's after it. What nobody
// owns, or what a kernel without such tables has, can be changed by others; then it is found and mended.

import { spawnSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { readCounters } from '../../src/reconcile/counters';
import type { Enforcement } from '../../src/reconcile/enforcement';
import { tableSpec } from '../../src/reconcile/table-spec';
import { connect } from '../../src/reconcile/target';
import { changeTable } from '../../src/reconcile/transaction';
import { planOf, type WrittenRule } from '../packet/rules';
import { enforcedNamespace } from './enforced-namespace';
import { listRuleset, nft, REFUSED, tryNft } from './foreign-nft';
import { TEST_CACHE } from './object-cache';
import { hasOwnedTables } from './owned-tables';

let enforcement: Enforcement;
const { target, restart } = enforcedNamespace('ownership', made => {
  enforcement = made;
});
const NAME = target.namespace;
const RULES: readonly WrittenRule[] = Array.from({ length: 4 }, (_, each) => ({
  ref: `r${each}`,
  expression: `udp.dstport == ${7000 + each}`,
  action: 'block',
}));
const PLAN = planOf(RULES, { stages: 'linear' });

/** Where the kernel (before 6.9) has no such tables they are like any others. */
let isOwned: boolean;

beforeAll(async () => {
  isOwned = await hasOwnedTables();
});

describe('the tables of a process that stays', () => {
  test.each<[command: string, unowned: 'taken' | 'none such']>([
    ['add rule ip rampart magic_transit accept', 'taken'],
    ['flush chain ip rampart magic_transit', 'taken'],
    ['add chain ip rampart x', 'taken'],
    ['delete table ip rampart', 'taken'],
    ['flush table ip6 rampart', 'taken'],
    ['add element ip rampart earlier_counts { ::1 }', 'none such'],
    ['flush ruleset', 'taken'],
  ])('take no `%s` from others, or it is found and mended', async (command, unowned) => {
    await enforcement.apply(PLAN);
    const said = tryNft(NAME, command);
    if (isOwned) expect(said).toMatch(command === 'flush ruleset' ? /^$/ : /Operation not permitted|No such file/);
    else expect(said).toMatch(unowned === 'taken' ? /^$/ : /No such file/);
    expect(await enforcement.verify()).toMatchObject({ none: isOwned || unowned === 'none such' });
    await enforcement.repair();
    expect(await enforcement.verify()).toMatchObject({ none: true });
  });

  test('are nobody’s when it is gone, and filter on', async () => {
    await enforcement.apply(PLAN);
    enforcement.close();
    await nft(NAME, 'add chain ip rampart x');
    expect(listRuleset(NAME)).toContain('udp dport 7000');
  });
});

test('those of a process that ends are nobody’s', async () => {
  await apply(PLAN, target, TEST_CACHE);
  await nft(NAME, 'add chain ip rampart x');
});

describe('adopted', () => {
  test('they keep handles and counts, and are taken over when that is asked for', async () => {
    await enforcement.apply(PLAN);
    spawnSync('ip', ['netns', 'exec', NAME, 'bash', '-c', 'ip link set lo up; echo > /dev/udp/127.0.0.1/7001']);
    const [before, counted] = [handles(), await counts()];
    expect(counted).toEqual(['r1 1']);
    expect(before.length).toBeGreaterThan(0);

    restart();
    await enforcement.apply(PLAN);
    expect(handles()).toEqual(before);
    await released();
    expect(await enforcement.own()).toBe(isOwned);
    expect(tryNft(NAME, 'add rule ip rampart x accept')).toMatch(isOwned ? REFUSED : /No such file/);
    expect(handles()).toEqual(before);
    expect(await counts()).toEqual(counted);
    const next = planOf(RULES.slice(1), { stages: 'linear', keys: PLAN.keys });
    await enforcement.apply(next);
    expect(await counts()).toEqual(counted);
    expect(await enforcement.own()).toBe(isOwned);
  });

  test('the next change is still sent without reading', async () => {
    const plan = planOf(RULES, { stages: 'verdict_map' });
    await apply(plan, target, TEST_CACHE);
    await enforcement.apply(plan);
    await released();
    expect(await enforcement.own()).toBe(isOwned);
    const next = planOf(RULES.slice(1), { stages: 'verdict_map', keys: plan.keys });
    expect((await enforcement.apply(next)).way).toBe('incremental');
  });

  test('what others did before they were taken over is not lost sight of', async () => {
    await apply(PLAN, target, TEST_CACHE);
    await enforcement.apply(PLAN);
    await nft(NAME, 'flush chain ip rampart magic_transit');
    expect(await enforcement.own()).toBe(isOwned);
    expect(await enforcement.apply(PLAN)).toMatchObject({ way: 'full', difference: { none: false } });
    expect(await enforcement.verify()).toMatchObject({ none: true });
  });

  test('tables without such flags stay as they are, and what others do to them is found and mended', async () => {
    await makeWithoutFlags(PLAN);
    await enforcement.apply(PLAN);
    expect(await enforcement.own()).toBe(false);
    expect(tryNft(NAME, 'flush chain ip rampart magic_transit')).toBe('');
    expect(await enforcement.verify()).toMatchObject({ none: false });
    await enforcement.repair();
    expect(await enforcement.verify()).toMatchObject({ none: true });
  });
});

test('a table that another process has is waited for, and had when that one is gone', async () => {
  await enforcement.apply(PLAN);
  const next = planOf(RULES.slice(1), { stages: 'linear', keys: PLAN.keys });
  const applied = apply(next, target, TEST_CACHE);
  await setImmediate();
  enforcement.close();
  expect((await applied).difference.removed).toEqual(['r0']);
});

test('a table that another process keeps is refused, and stays; where it cannot be kept it is found and mended', async () => {
  await enforcement.apply(PLAN);
  const next = planOf(RULES.slice(1), { stages: 'linear', keys: PLAN.keys });
  const applied = apply(next, target, TEST_CACHE);
  if (isOwned) await expect(applied).rejects.toMatchObject({ code: 'EPERM' });
  else expect((await applied).difference.removed).toEqual(['r0']);
  expect(await enforcement.verify()).toMatchObject({ none: isOwned });
  await enforcement.repair();
  expect(await enforcement.verify()).toMatchObject({ none: true });
});

/** As by a kernel that does not know them. */
async function makeWithoutFlags({ tables, keys }: Plan): Promise<void> {
  const connection = connect(target);
  const transactions = [tables.ip, tables.ip6].map(table => changeTable(tableSpec(table), undefined, 'none', keys));
  await connection.commit(encodeBatch(transactions.flatMap(({ operations }) => operations)));
  connection.close();
}

async function counts(): Promise<string[]> {
  const { rules } = await readCounters(target);
  return rules.filter(({ packets }) => packets > 0n).map(({ ref, packets }) => `${ref} ${packets}`);
}

function handles(): readonly string[] {
  return listRuleset(NAME).match(/handle \d+$/gm) ?? [];
}

async function released(): Promise<void> {
  while (listRuleset(NAME).includes('progname')) await setImmediate();
}
