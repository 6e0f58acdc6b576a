// A policy whose rules stand in classifiers, kept in force by a process that stays: the next version is written into the
// tables not in use, and counts for all that stays.

import { openPinnedProgram, testRunOnPacket } from '../../src/ebpf/program';
import type { Rule } from '../../src/ir/ruleset';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { decodeRule, dumpRules } from '../../src/netlink/nftables/rule';
import { ipPacket, udp } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { changeRule } from '../../src/plan-change';
import { apply } from '../../src/reconcile/apply';
import { verdictPin } from '../../src/reconcile/classifier/place';
import { listInstances } from '../../src/reconcile/classifier/release';
import { readCounters } from '../../src/reconcile/counters';
import type { Enforcement } from '../../src/reconcile/enforcement';
import { connect, programUser } from '../../src/reconcile/target';
import { planOf, type WrittenRule } from '../packet/rules';
import { enforcedNamespace } from './enforced-namespace';
import { TEST_CACHE } from './object-cache';

let enforcement: Enforcement;
const { target } = enforcedNamespace('enforced', made => {
  enforcement = made;
});
const BOTH = { source: '198.51.100.1', destination: '203.0.113.1' };
const RULES: readonly WrittenRule[] = Array.from({ length: 40 }, (_, each) => port(`r${each}`, 7000 + each));

describe('without another program:', () => {
  test.each<[string, readonly WrittenRule[]]>([
    ['nothing', RULES],
    ['another value', RULES.with(7, port('r7', 9000))],
    ['another action', RULES.with(7, { ...port('r7', 7007), action: 'skip' })],
    ['the first rule gone', RULES.slice(1)],
    ['a rule more in between', RULES.toSpliced(20, 0, port('new', 9000))],
    ['another order', [RULES[39] as WrittenRule, ...RULES.slice(0, 39)]],
    ['two rules others', RULES.with(7, port('r7', 9000)).with(8, port('r8', 9001))],
  ])('%s', async (_, after) => {
    await enforcement.apply(plan(RULES));
    const [before, rules] = [instances(), await nftRules()];
    for (const each of [7002, 7002, 7020]) judge(each);
    const next = plan(after, enforcement.plan);
    expect((await enforcement.apply(next)).way).toBe('incremental');
    expect(instances()).toEqual(before);
    expect(await nftRules()).toEqual(rules);
    await expectInForce(next);
    expect((await counts()).filter(each => !each.endsWith(' 0'))).toEqual(['r2 2', 'r20 1']);
    judge(7002);
    expect(await counts()).toContain('r2 3');
  });
});

test('rule after rule, each changed in the plan before', async () => {
  await enforcement.apply(plan(RULES));
  const before = instances();
  const expected = new Map<string, number>();
  const ports = RULES.map((_, each) => 7000 + each);
  for (let turn = 0; turn < 60; turn++) {
    const position = (turn * 7) % 40;
    const next = withRule(enforcement.plan as Plan, position, port(`r${position}`, 8000 + turn));
    expect((await enforcement.apply(next)).way).toBe('incremental');
    expected.set(`r${position}`, 0);
    ports[position] = 8000 + turn;
    const other = (turn * 3) % 40;
    judge(ports[other] as number);
    expected.set(`r${other}`, (expected.get(`r${other}`) ?? 0) + 1);
  }
  expect(instances()).toEqual(before);
  const all = await counts();
  expect(all).toEqual(RULES.map(({ ref }) => `${ref} ${expected.get(ref as string) ?? 0}`));
});

test('another program is made beside and takes over the counts', async () => {
  await enforcement.apply(plan(RULES));
  const before = instances();
  judge(7002);
  const next = plan([...RULES, { ref: 'token', expression: 'udp.payload contains "xyzzy"', action: 'block' }]);
  expect((await enforcement.apply(next)).way).toBe('full');
  expect(instances()).not.toEqual(before);
  expect(await counts()).toContain('r2 1');
  await expectInForce(next);
  const last = withRule(next, 3, port('r3', 9000));
  expect((await enforcement.apply(last)).way).toBe('incremental');
  await expectInForce(last);
});

test('a change after another process applied its own is made with all the counts', async () => {
  // A table belongs to the socket that made it for as long as that is open.
  await apply(plan(RULES), target, TEST_CACHE);
  await enforcement.apply(plan(RULES));
  await apply(plan(RULES.slice(10)), target, TEST_CACHE);
  judge(7020);
  const next = withRule(plan(RULES), 3, port('r3', 9000));
  expect((await enforcement.apply(next)).way).toBe('full');
  await expectInForce(next);
  expect(await counts()).toContain('r20 1');
  const last = withRule(next, 3, port('r3', 9001));
  expect((await enforcement.apply(last)).way).toBe('incremental');
  await expectInForce(last);
});

test('after another table was made the kernel is read, and the instance stays', async () => {
  await enforcement.apply(plan(RULES));
  const before = instances();
  const connection = connect(target);
  await connection.commit(
    encodeBatch([{ operation: 'create', object: { kind: 'table', family: 'inet', name: 'another' } }]),
  );
  connection.close();
  judge(7002);
  const next = withRule(enforcement.plan as Plan, 3, port('r3', 9000));
  expect((await enforcement.apply(next)).way).toBe('full');
  expect(instances()).toEqual(before);
  expect(await counts()).toContain('r2 1');
  await expectInForce(next);
  const last = withRule(next, 3, port('r3', 9001));
  expect((await enforcement.apply(last)).way).toBe('incremental');
  await expectInForce(last);
});

test('back to a plan from which others have been made', async () => {
  const first = plan(RULES);
  await enforcement.apply(first);
  await enforcement.apply(withRule(first, 3, port('r3', 9000)));
  judge(7002);
  expect([7003, 9000].map(judge)).toEqual([0, 1]);
  await enforcement.apply(first);
  await expectInForce(first);
  expect([7003, 9000].map(judge)).toEqual([1, 0]);
  expect(await counts()).toContain('r2 1');
});

test('a refused change leaves the policy before in force, counts included, and the next one is made as ever', async () => {
  await enforcement.apply(plan(RULES));
  for (const each of [7002, 7003]) judge(each);
  const before = enforcement.plan as Plan;
  const refused = withRule(before, 3, port('r3', 9000));
  await expect(enforcement.apply({ ...refused, tables: withLongVersion(refused) })).rejects.toThrow();
  expect(await counts()).toEqual(expect.arrayContaining(['r2 1', 'r3 1']));
  expect([7003, 9000].map(judge)).toEqual([1, 0]);
  const next = plan(RULES.with(3, port('r3', 9001)), before);
  await enforcement.apply(next);
  await expectInForce(next);
  expect(await counts()).toEqual(expect.arrayContaining(['r2 1', 'r3 0']));
});

/** User data of a chain has at most 256 bytes. */
function withLongVersion({ tables }: Plan): Plan['tables'] {
  const chains = tables.ip.chains.map(chain => {
    return chain.comment === undefined ? chain : { ...chain, comment: 'x'.repeat(300) };
  });
  return { ...tables, ip: { ...tables.ip, chains } };
}

const WRITTEN = new WeakMap<Plan, readonly WrittenRule[]>();

function plan(rules: readonly WrittenRule[], before?: Plan): Plan {
  const made = planOf(rules, { stages: 'classifier', ...(before !== undefined && { keys: before.keys }) });
  WRITTEN.set(made, rules);
  return made;
}

/** The plan with one rule replaced: out of the one before where that can be, otherwise compiled. */
function withRule(before: Plan, position: number, rule: WrittenRule): Plan {
  const texts = (WRITTEN.get(before) as readonly WrittenRule[]).with(position, rule);
  const compiled = plan(texts, before);
  const next = changeRule(before, position, compiled.ruleset.rules[position] as Rule) ?? compiled;
  WRITTEN.set(next, texts);
  return next;
}

function port(ref: string, number: number): WrittenRule {
  return { ref, expression: `udp.dstport == ${number}`, action: 'block' };
}

/** 1 where the classifier in force drops a datagram to that port. */
function judge(port: number): number {
  const [directory] = instances().filter(each => each.includes('/ip_'));
  const program = openPinnedProgram(verdictPin(directory as string));
  try {
    return testRunOnPacket(program, ipPacket(BOTH, udp(1024, port, 'payload'))).retval;
  } finally {
    program.close();
  }
}

function instances(): string[] {
  return listInstances(programUser(target));
}

async function counts(): Promise<string[]> {
  return (await readCounters(target)).rules.map(({ ref, packets }) => `${ref} ${packets}`);
}

/** Handles of the rules: what was not sent again keeps its own. */
async function nftRules(): Promise<bigint[]> {
  const connection = connect(target);
  try {
    return (await connection.dump(dumpRules('unspec'))).map(decodeRule).map(({ handle }) => handle);
  } finally {
    connection.close();
  }
}

/** Another process finds nothing to do. */
async function expectInForce(wanted: Plan): Promise<void> {
  const rules = wanted.ruleset.rules.map(({ ref }) => ref);
  expect((await readCounters(target)).rules.map(({ ref }) => ref)).toEqual(rules);
  expect((await readCounters(target)).policy?.version).toBe(wanted.version);
  expect((await apply(wanted, target, TEST_CACHE)).difference.none).toBe(true);
}
