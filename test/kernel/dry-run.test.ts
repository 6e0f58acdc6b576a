// A plan tried without being put into force: the kernel says what it would refuse, by rule, and nothing of the trial stays.

import { spawnSync } from 'node:child_process';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import type { Plan } from '../../src/plan';
import { apply } from '../../src/reconcile/apply';
import { destroy } from '../../src/reconcile/destroy';
import { dryRun } from '../../src/reconcile/dry-run';
import { enforce } from '../../src/reconcile/enforcement';
import { planOf, type WrittenRule } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-dry-run-${process.pid}`;
const target = { namespace: NAME };
const PORT: WrittenRule = { ref: 'port', expression: 'udp.dstport == 7000', action: 'block' };
const TOKEN: WrittenRule = { ref: 'token', expression: 'ends_with(udp.payload, "dry run")', action: 'block' };
const DEEP: WrittenRule = { ref: 'deep', expression: 'ip.ttl == 1 or ip.len == 40', action: 'block' };
const MANY: readonly WrittenRule[] = Array.from({ length: 40 }, (_, each) => ({
  ref: `many-${each}`,
  expression: `udp.dstport in {${7000 + each * 100}..${7050 + each * 100}}`,
  action: 'block',
}));

beforeEach(() => createNamespace(NAME));

afterEach(async () => {
  await destroy(target);
  deleteNamespace(NAME);
});

describe('a plan that the kernel takes is not refused, and changes nothing:', () => {
  test.each<[string, readonly WrittenRule[], readonly WrittenRule[]]>([
    ['the first one', [], [PORT]],
    ['with a program', [PORT], [PORT, TOKEN]],
    ['with a classifier', [PORT], MANY],
    ['with a classifier beside one in force', MANY, [...MANY, TOKEN]],
    ['without the program in force', [TOKEN], [PORT]],
    ['the one in force', MANY, MANY],
  ])('%s', async (_, before, after) => {
    if (before.length > 0) await apply(planOf(before), target, TEST_CACHE);
    const was = state();
    const wanted = planOf(after);
    const { difference, refusals } = await dryRun(wanted, target, TEST_CACHE);
    expect(refusals).toEqual([]);
    expect(difference?.none).toBe(before === after);
    expect(state()).toEqual(was);
  });

  test('by a process that keeps another one in force, and goes on as before', async () => {
    const enforcement = enforce(target, TEST_CACHE);
    try {
      await enforcement.apply(planOf(MANY));
      const was = state();
      expect(await enforcement.dryRun(planOf([...MANY, TOKEN]))).toMatchObject({
        difference: { added: ['token'] },
        refusals: [],
      });
      expect(state()).toEqual(was);
      expect((await enforcement.apply(planOf(MANY))).way).toBe('incremental');
    } finally {
      enforcement.close();
    }
  });
});

describe('what the kernel would refuse is said by rule:', () => {
  test.each<[string, Plan, string | undefined, string]>([
    ['a rule with a name that is too long', withBrokenRule(planOf([TOKEN, PORT]), 'port'), 'port', 'ERANGE'],
    ['a rule of a chain that another rule has', withBrokenChain(planOf([PORT, DEEP])), 'deep', 'ENOENT'],
    ['an element', withShortKey(planOf([PORT], { stages: 'verdict_map' })), 'port', 'EINVAL'],
    ['what is no rule’s', withLongVersion(planOf([PORT])), undefined, 'EINVAL'],
  ])('%s', async (_, plan, ref, code) => {
    await apply(planOf([PORT]), target, TEST_CACHE);
    const was = state();
    const { refusals } = await dryRun(plan, target, TEST_CACHE);
    expect(refusals[0]).toEqual({ ref, code, message: expect.any(String), cure: expect.stringMatching(/./) });
    expect(state()).toEqual(was);
  });
});

test('a namespace that is not there rejects', async () => {
  await expect(dryRun(planOf([PORT]), { namespace: `${NAME}-not` }, TEST_CACHE)).rejects.toMatchObject({
    code: 'ENOENT',
  });
});

/** Handles included; whether the socket that made a table is still open is not. */
function state(): readonly string[] {
  const rules = spawnSync('nsenter', [`--net=/run/netns/${NAME}`, 'nft', '--handle', 'list', 'ruleset']);
  const pins = spawnSync('find', ['/sys/fs/bpf/rampart', '-path', `*name-${NAME}*`], { encoding: 'utf8' });
  const text = String(rules.stdout).replaceAll(/ progname node$|^\tflags.*$/gm, '');
  return [text, ...pins.stdout.split('\n').sort()];
}

/** As no plan is: nf_tables has names of 255 bytes at the most. */
function withBrokenRule(plan: Plan, ref: string): Plan {
  return withRules(plan, rule => {
    if (rule.comment?.includes(` ref=${ref} `) !== true) return rule;
    return { ...rule, verdict: { kind: 'jump', chain: 'x'.repeat(300) } };
  });
}

function withBrokenChain(plan: Plan): Plan {
  const { ip } = plan.tables;
  const chains = ip.chains.filter(({ name }) => name !== 'rule_2_match');
  return { ...plan, tables: { ...plan.tables, ip: { ...ip, chains } } };
}

function withShortKey(plan: Plan): Plan {
  const { ip } = plan.tables;
  const comment = 'rampart rule=1 ref=port action=block';
  const short = { key: new Uint8Array(1), verdict: 'drop', comment, digest: '' } as const;
  const maps = ip.maps.map(map => ({ ...map, elements: [...map.elements, short] }));
  return { ...plan, tables: { ...plan.tables, ip: { ...ip, maps } } };
}

function withLongVersion(plan: Plan): Plan {
  const { ip } = plan.tables;
  const chains = ip.chains.map(chain => ({ ...chain, ...(chain.comment && { comment: 'x'.repeat(300) }) }));
  return { ...plan, tables: { ...plan.tables, ip: { ...ip, chains } } };
}

type Rules = Plan['tables']['ip']['chains'][number]['rules'];

function withRules(plan: Plan, change: (rule: Rules[number]) => Rules[number]): Plan {
  const { ip } = plan.tables;
  const chains = ip.chains.map(chain => ({ ...chain, rules: chain.rules.map(change) }));
  return { ...plan, tables: { ...plan.tables, ip: { ...ip, chains } } };
}
