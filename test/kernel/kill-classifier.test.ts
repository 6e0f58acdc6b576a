// kill -9 in the middle of applying policies in classifiers: whatever moment it hits, the old policy or the new one is in
// force, tables and readers alike, and the next apply clears up what the killed process has left.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compile, DEFAULT_OPTIONS, type RulesetText } from '../../src/compile';
import { openPinnedProgram, testRunOnPacket } from '../../src/ebpf/program';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { ipPacket, udp } from '../../src/packet/build';
import type { Plan } from '../../src/plan';
import { classifiersOf, readActualRules } from '../../src/reconcile/actual';
import { apply } from '../../src/reconcile/apply';
import { verdictPin } from '../../src/reconcile/classifier/place';
import { listInstances } from '../../src/reconcile/classifier/release';
import { readCounters } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { connect, programUser } from '../../src/reconcile/target';
import { TEST_CACHE } from './object-cache';

/** At least. However fast the machine applies, so many kills too. */
const APPLIES = 60;
const KILLS = 10;
const NAME = `rampart-test-kill-classifier-${process.pid}`;
const TARGET = { namespace: NAME };
const USER = programUser(TARGET);
const folder = mkdtempSync(join(tmpdir(), `${NAME}-`));
const cache = { ...TEST_CACHE, directory: join(folder, 'cache') };
const POLICIES: readonly RulesetText[] = Array.from({ length: 2 * APPLIES }, (_, number) => policy(number));
const PORT = 10_000;
const FAMILIES = { ip: ['192.0.2.1', '192.0.2.2'], ip6: ['2001:db8::1', '2001:db8::2'] } as const;

beforeAll(() => {
  createNamespace(NAME);
  writeFileSync(join(folder, 'policies.json'), JSON.stringify(POLICIES));
});

afterAll(async () => {
  await destroy(TARGET);
  deleteNamespace(NAME);
  rmSync(folder, { recursive: true });
});

test('after kill -9 the old or the new policy is in force, and the next apply works', async () => {
  const kills = { old: 0, new: 0, left: 0 };
  let applied = 0;
  await apply(plan(0), TARGET, cache);
  while (applied < APPLIES || kills.old + kills.new < KILLS) {
    const last = await applyUntilKilled(applied + 1);
    const inForce = await policyInForce();
    expect([last % POLICIES.length, (last + 1) % POLICIES.length]).toContain(inForce);
    kills[inForce === last % POLICIES.length ? 'old' : 'new']++;
    if (listInstances(USER).length > 2) kills.left++;
    applied = last;
  }
  process.stdout.write(
    `${applied} applies; after a kill ${kills.old} times the old policy, ${kills.new} times the new; ` +
      `${kills.left} times pins of an unfinished instance\n`,
  );
  expect(kills.old).toBeGreaterThan(0);

  const next = (applied + 2) % POLICIES.length;
  await apply(plan(next), TARGET, cache);
  expect(await policyInForce()).toBe(next);
  expect(listInstances(USER).length).toBe(2);
}, 180_000);

test('destroy leaves no pin of any of these policies', async () => {
  await destroy(TARGET);
  expect(listInstances(USER)).toEqual([]);
});

/** Starts applying with policy `first`, kills at a random moment after it, and returns the last policy that was reported. */
async function applyUntilKilled(first: number): Promise<number> {
  const script = join(__dirname, 'apply-in-turn.js');
  const options = [script, join(folder, 'policies.json'), NAME, cache.directory, String(first), 'classifier'];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.on('data', chunk => output.push(String(chunk)));
  child.stderr.on('data', chunk => errors.push(String(chunk)));
  // From the first one on, however long the machine takes to start the program.
  await Promise.race([once(child.stdout, 'data'), ended]);
  await setTimeout(Math.random() * 300);
  child.kill('SIGKILL');
  await ended;
  expect(errors.join('')).toBe('');
  return Number(output.join('').trim().split('\n').at(-1) || first - 1);
}

/** Which one the comment says, the records say and both families' programs say: they must be one. */
async function policyInForce(): Promise<number> {
  const { policy, rules } = await readCounters(TARGET);
  const number = Number(rules.find(({ ref }) => ref.startsWith('number'))?.ref.slice('number'.length));
  expect(policy?.version).toBe(plan(number).version);
  expect(rules.map(({ ref }) => ref)).toEqual(POLICIES[number]?.rules.map(({ ref }) => ref));
  const around = [number - 1, number, number + 1];
  for (const family of ['ip', 'ip6'] as const) {
    expect(await Promise.all(around.map(each => drops(family, PORT + each)))).toEqual([0, 1, 0]);
  }
  return number;
}

async function drops(family: 'ip' | 'ip6', port: number): Promise<number> {
  const connection = connect(TARGET);
  const directory = classifiersOf(await readActualRules(connection))[family];
  connection.close();
  const program = openPinnedProgram(verdictPin(directory as string));
  const [source, destination] = FAMILIES[family];
  try {
    return testRunOnPacket(program, ipPacket({ source, destination }, udp(1024, port, 'payload'))).retval;
  } finally {
    program.close();
  }
}

function plan(number: number): Plan {
  const compiled = compile(POLICIES[number] as RulesetText, { ...DEFAULT_OPTIONS, stages: 'classifier' });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
  return compiled.value;
}

/** Neighbours differ in one rule, and every third one in the fields that it reads, which makes another program. */
function policy(number: number): RulesetText {
  const others = Array.from({ length: 40 }, (_, each) => [`other${each}`, `udp.dstport == ${1000 + each}`] as const);
  const read = number % 3 === 0 ? [['ttl', 'ip.ttl == 1'] as const] : [];
  const rules = [...others, ...read, [`number${number}`, `udp.dstport == ${10_000 + number}`] as const];
  return {
    account: '0123456789abcdef0123456789abcdef',
    lists: new Map(),
    rules: rules.map(([ref, expression], index) => {
      return { index: index + 1, ref, action: 'block', enabled: true, expression };
    }),
  };
}
