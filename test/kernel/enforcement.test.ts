// A policy kept in force by a process that stays: what it sends without reading the kernel is what the kernel has
// afterwards, and what others do meanwhile is noticed.

import { spawnSync } from 'node:child_process';
import type { Rule } from '../../src/ir/ruleset';
import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { readCounters } from '../../src/reconcile/counters';
import type { Enforcement } from '../../src/reconcile/enforcement';
import type { StageChoice } from '../../src/stage/stage';
import { planOf, type WrittenRule } from '../packet/rules';
import { enforcedNamespace } from './enforced-namespace';
import { nft } from './foreign-nft';
import { TEST_CACHE } from './object-cache';

let enforcement: Enforcement;
const { target } = enforcedNamespace('enforcement', made => {
  enforcement = made;
});
const NAME = target.namespace;
const RULES: readonly WrittenRule[] = Array.from({ length: 40 }, (_, each) => ({
  ref: `r${each}`,
  expression: `udp.dstport == ${7000 + each}`,
  action: 'block',
}));
const FIRST = RULES[0] as WrittenRule;
const LOG: WrittenRule = { ref: 'log', expression: 'ip.ttl == 1', action: 'log' };

test('the first plan is compared with what is there', async () => {
  await apply(plan(RULES), target, TEST_CACHE);
  expect(await enforcement.apply(plan(RULES))).toMatchObject({ way: 'full', difference: { none: true } });
});

describe('without reading the kernel:', () => {
  test.each<[string, readonly WrittenRule[]]>([
    ['nothing', RULES],
    ['another value', RULES.with(7, { ...FIRST, ref: 'r7', expression: 'udp.dstport == 9000' })],
    ['another action', RULES.with(7, { ...FIRST, ref: 'r7', expression: 'udp.dstport == 7007', action: 'skip' })],
    ['the first rule gone', RULES.slice(1)],
    ['the last rule gone', RULES.slice(0, -1)],
    ['a rule more in between', RULES.toSpliced(20, 0, { ...FIRST, ref: 'new', expression: 'udp.dstport == 9000' })],
    ['two rules with exchanged values', RULES.with(3, port('r3', 7004)).with(4, port('r4', 7003))],
    ['another order', [RULES[39] as WrittenRule, ...RULES.slice(0, 39)]],
    ['all values others', RULES.map((rule, each) => ({ ...rule, expression: `udp.dstport == ${8000 + each}` }))],
  ])('%s', async (_, after) => {
    await enforcement.apply(plan(RULES));
    const next = plan(after, enforcement.plan);
    expect((await enforcement.apply(next)).way).toBe('incremental');
    await expectInForce(next);
  });
});

describe('having read the kernel:', () => {
  test.each<[string, readonly WrittenRule[]]>([
    ['a rule that is no element', RULES.toSpliced(20, 0, LOG)],
    ['no rule', []],
  ])('%s', async (_, after) => {
    await enforcement.apply(plan(RULES));
    const next = plan(after, enforcement.plan);
    expect((await enforcement.apply(next)).way).toBe('full');
    await expectInForce(next);
    expect((await enforcement.apply(plan(RULES, next))).way).toBe('full');
    await expectInForce(plan(RULES, next));
  });

  test('a change after another table was made', async () => {
    await enforcement.apply(plan(RULES));
    await nft(NAME, 'add table inet another');
    const next = plan(RULES.slice(1), enforcement.plan);
    expect((await enforcement.apply(next)).way).toBe('full');
    await expectInForce(next);
    expect((await enforcement.apply(plan(RULES, next))).way).toBe('incremental');
  });

  test('the same plan after another table was made', async () => {
    await enforcement.apply(plan(RULES));
    await nft(NAME, 'add table inet another');
    expect(await enforcement.apply(plan(RULES))).toMatchObject({ way: 'full', difference: { none: true } });
  });

  test('the same plan after a stranger has damaged it', async () => {
    await apply(plan(RULES), target, TEST_CACHE);
    await enforcement.apply(plan(RULES));
    await nft(NAME, 'flush chain ip rampart magic_transit');
    expect(await enforcement.apply(plan(RULES))).toMatchObject({ way: 'full', difference: { none: false } });
    await expectInForce(plan(RULES));
  });

  test('a change after another process applied its own', async () => {
    await apply(plan(RULES), target, TEST_CACHE);
    await enforcement.apply(plan(RULES));
    await apply(plan([LOG]), target, TEST_CACHE);
    const next = plan(RULES.slice(1), enforcement.plan);
    expect((await enforcement.apply(next)).way).toBe('full');
    await expectInForce(next);
  });
});

test('more rules than a map has room for move into a larger one, with their counts', async () => {
  const many = Array.from({ length: 600 }, (_, each) => port(`r${each}`, 7000 + each));
  await enforcement.apply(plan(many.slice(0, 200)));
  spawnSync('ip', ['netns', 'exec', NAME, 'bash', '-c', 'ip link set lo up && echo > /dev/udp/127.0.0.1/7001']);
  const fitting = plan(many.slice(0, 500), enforcement.plan);
  expect((await enforcement.apply(fitting)).way).toBe('incremental');
  await expectInForce(fitting);
  const next = plan(many, enforcement.plan);
  expect((await enforcement.apply(next)).way).toBe('full');
  await expectInForce(next);
  const counted = (await readCounters(target)).rules.filter(({ packets }) => packets > 0n);
  expect(counted.map(({ ref, packets }) => [ref, packets])).toEqual([['r1', 1n]]);
});

describe.each<StageChoice>(['verdict_map', 'classifier', 'linear'])('a rule is exchanged in %s stages', stages => {
  const rules = Array.from({ length: 40 }, (_, each) => port(`r${each}`, 7000 + each));

  test('and the policy is the one with the other rule', async () => {
    await enforcement.apply(planOf(rules, { stages }));
    for (const [count, position] of [7, 0, 39, 7].entries()) {
      const after = planOf(rules.with(position, port(`r${position}`, 9000 + count)), { stages });
      const { version } = await enforcement.replaceRule(position, after.ruleset.rules[position] as Rule);
      const plan = enforcement.plan as Plan;
      expect(plan.version).toBe(version);
      expect(plan.ruleset.rules[position]).toBe(after.ruleset.rules[position]);
      expect((await readCounters(target)).policy?.version).toBe(version);
    }
    const last = rules.with(0, port('r0', 9001)).with(39, port('r39', 9002)).with(7, port('r7', 9003));
    await expectInForce(planOf(last, { stages }));
  });

  test('without reading the kernel where it is no rule of the base chain', async () => {
    await enforcement.apply(planOf(rules, { stages }));
    const after = planOf(rules.with(7, port('r7', 9000)), { stages }).ruleset.rules[7] as Rule;
    expect((await enforcement.replaceRule(7, after)).way).toBe(stages === 'linear' ? 'full' : 'incremental');
  });

  test('for one that the stages have no place for', async () => {
    await enforcement.apply(planOf(rules, { stages }));
    const after = rules.with(7, { ref: 'r7', expression: 'udp.payload contains "x"', action: 'log' });
    await enforcement.replaceRule(7, planOf(after, { stages }).ruleset.rules[7] as Rule);
    await expectInForce(planOf(after, { stages }));
  });
});

test('without a plan in force there is no rule to exchange', async () => {
  await expect(enforcement.replaceRule(0, plan(RULES).ruleset.rules[0] as Rule)).rejects.toThrow('no plan is in force');
});

test('many changes at once are made one after the other', async () => {
  await enforcement.apply(plan(RULES));
  const plans = Array.from({ length: 20 }, (_, each) => plan(RULES.toSpliced(each, 1), enforcement.plan));
  const ways = (await Promise.all(plans.map(next => enforcement.apply(next)))).map(({ way }) => way);
  expect(new Set(ways)).toEqual(new Set(['incremental']));
  await expectInForce(plans[19] as Plan);
});

test('a refused change leaves the policy before in force, and the next one is sent as before', async () => {
  await enforcement.apply(plan(RULES));
  const next = plan(RULES.slice(1), enforcement.plan);
  await expect(enforcement.apply(withShortKey(next))).rejects.toThrow(/EINVAL/);
  expect(enforcement.plan?.version).toBe(plan(RULES).version);
  await expectInForce(plan(RULES));
  expect((await enforcement.apply(next)).way).toBe('incremental');
  await expectInForce(next);
});

test('closed, it leaves the policy in force', async () => {
  await enforcement.apply(plan(RULES));
  enforcement.close();
  await expectInForce(plan(RULES));
  await expect(enforcement.apply(plan(RULES))).rejects.toThrow();
});

function plan(rules: readonly WrittenRule[], before?: Plan): Plan {
  return planOf(rules, { stages: 'verdict_map', ...(before && { keys: before.keys }) });
}

/** As no plan is: the kernel refuses the element. */
function withShortKey(plan: Plan): Plan {
  const { ip } = plan.tables;
  const element = {
    key: new Uint8Array(1),
    verdict: 'drop',
    comment: 'rampart rule=1 ref=short action=block',
    digest: '',
  } as const;
  const maps = ip.maps.map(map => ({ ...map, elements: [...map.elements, element] }));
  return { ...plan, tables: { ...plan.tables, ip: { ...ip, maps } } };
}

function port(ref: string, number: number): WrittenRule {
  return { ...FIRST, ref, expression: `udp.dstport == ${number}` };
}

/** Read by a process that remembers nothing. */
async function expectInForce(wanted: Plan): Promise<void> {
  const { policy, rules } = await readCounters(target);
  expect(policy?.version).toBe(wanted.version);
  expect(rules.map(({ ref }) => ref)).toEqual(wanted.ruleset.rules.map(({ ref }) => ref));
  expect((await apply(wanted, target, TEST_CACHE)).difference.none).toBe(true);
}
