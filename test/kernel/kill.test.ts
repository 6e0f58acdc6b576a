// kill -9 in the middle of applying: whatever moment it hits, the kernel has the old policy or the new one, all of it,
// and the next apply works. Every second policy needs a program that nobody has compiled before.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { compile, type RulesetText } from '../../src/compile';
import { listPins } from '../../src/ebpf/bpffs';
import { openBpfObject } from '../../src/ebpf/object';
import { openConnection } from '../../src/netlink/connection';
import { createNamespace, deleteNamespace, namespacePath } from '../../src/netns/namespace';
import type { Plan } from '../../src/plan';
import { type Actual, type ActualTable, readActual } from '../../src/reconcile/actual';
import { apply } from '../../src/reconcile/apply';
import { destroy } from '../../src/reconcile/destroy';
import { difference } from '../../src/reconcile/difference';
import { PROGRAMS, USERS } from '../../src/reconcile/pin';
import { tableSpec } from '../../src/reconcile/table-spec';
import { TEST_CACHE } from './object-cache';

/** At least. However fast the machine applies, so many kills too. */
const APPLIES = 200;
const KILLS = 10;
const NAME = `rampart-test-kill-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), `${NAME}-`));
const cache = { ...TEST_CACHE, directory: join(folder, 'cache') };
const POLICIES: readonly RulesetText[] = Array.from({ length: 2 * APPLIES }, (_, number) => policy(number));
/** Only elements of one map differ. */
const MAP_APPLIES = 60;
const MAP_POLICIES: readonly RulesetText[] = Array.from({ length: 2 * MAP_APPLIES }, (_, number) => mapPolicy(number));
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

beforeAll(() => {
  createNamespace(NAME);
  writeFileSync(join(folder, 'policies.json'), JSON.stringify(POLICIES));
  writeFileSync(join(folder, 'map-policies.json'), JSON.stringify(MAP_POLICIES));
});

afterAll(async () => {
  await destroy({ namespace: NAME });
  deleteNamespace(NAME);
  rmSync(folder, { recursive: true });
});

test('after kill -9 the old or the new policy is in force, and the next apply works', async () => {
  const random = generator(SEED);
  const kills = { old: 0, new: 0 };
  let applied = 0;
  await apply(plan(0), { namespace: NAME }, cache);
  while (applied < APPLIES || kills.old + kills.new < KILLS) {
    const last = await applyUntilKilled('policies.json', applied + 1, random);
    const inForce = await policiesInForce([last, last + 1]);
    // Equal would mean that two policies are the same to the kernel; none, that it has something between them.
    expect({ seed: SEED, last, inForce }).toEqual({ seed: SEED, last, inForce: [inForce[0] ?? 'one of the two'] });
    kills[inForce[0] === last ? 'old' : 'new']++;
    applied = last;
  }
  process.stdout.write(
    `seed ${SEED}: ${applied} applies; after a kill ${kills.old} times the old policy, ${kills.new} times the new\n`,
  );
  expect(kills.old).toBeGreaterThan(0);

  const next = applied + 2;
  const { difference: changes } = await apply(plan(next), { namespace: NAME }, cache);
  expect(changes.none).toBe(false);
  expect(await policiesInForce([next])).toEqual([next]);
  expectOnlyPinsOf([plan(next)]);
}, 180_000);

test('so it is with the elements of a map', async () => {
  const random = generator(SEED);
  const kills = { old: 0, new: 0 };
  expect(mapPlan(0).tables.ip.maps.map(({ elements }) => elements.length)).toEqual([100]);
  await apply(mapPlan(0), { namespace: NAME }, cache);
  let applied = 0;
  while (applied < MAP_APPLIES || kills.old + kills.new < KILLS) {
    const last = await applyUntilKilled('map-policies.json', applied + 1, random);
    const inForce = await policiesInForce([last, last + 1], mapPlan);
    expect({ seed: SEED, last, inForce }).toEqual({ seed: SEED, last, inForce: [inForce[0] ?? 'one of the two'] });
    kills[inForce[0] === last ? 'old' : 'new']++;
    applied = last;
  }
  process.stdout.write(
    `${applied} applies of maps; after a kill ${kills.old} times the old, ${kills.new} times the new\n`,
  );
  expect(kills.old).toBeGreaterThan(0);
  // What the next tests find.
  await apply(plan(APPLIES * 2 - 1), { namespace: NAME }, cache);
}, 180_000);

test('every object in the cache is a whole one', () => {
  const objects = readdirSync(cache.directory).filter(name => name.endsWith('.o'));
  expect(objects.length).toBeGreaterThan(APPLIES / 4);
  for (const name of objects) openBpfObject(readFileSync(join(cache.directory, name)), name).close();
});

test('destroy leaves no pin of any of these policies', async () => {
  await destroy({ namespace: NAME });
  expectOnlyPinsOf([]);
  const ours = POLICIES.map((_, number) => plan(number)).flatMap(({ programs }) => [...programs.keys()]);
  expect(ours.filter(name => listPins(PROGRAMS).includes(name))).toEqual([]);
});

/** Starts applying with policy `first`, kills at a random moment after that, and returns the last policy that was reported. */
async function applyUntilKilled(policies: string, first: number, random: () => number): Promise<number> {
  const script = join(__dirname, 'apply-in-turn.js');
  const options = [script, join(folder, policies), NAME, cache.directory, String(first)];
  const child = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.on('data', chunk => output.push(String(chunk)));
  child.stderr.on('data', chunk => errors.push(String(chunk)));
  // However long the process takes to be up.
  await Promise.race([once(child.stdout, 'data'), ended]);
  await setTimeout(random() * 800);
  child.kill('SIGKILL');
  await ended;
  expect(errors.join('')).toBe('');
  return Number(output.join('').trim().split('\n').at(-1) || first - 1);
}

/** Which of these policies the kernel has completely. Sets that no rule looks into judge no packet and do not count. */
async function policiesInForce(numbers: readonly number[], planOf = plan): Promise<number[]> {
  const connection = openConnection({ protocol: 'netfilter', netns: namespacePath(NAME) });
  try {
    const { ip, ip6 } = await readActual(connection);
    const actual: Actual = { ip: withUsedSets(ip), ip6: withUsedSets(ip6) };
    return numbers.filter(number => {
      const { tables } = planOf(number);
      return difference({ ip: tableSpec(tables.ip), ip6: tableSpec(tables.ip6) }, actual).none;
    });
  } finally {
    connection.close();
  }
}

function withUsedSets(table: ActualTable | undefined): ActualTable | undefined {
  if (table === undefined) return undefined;
  const expressions = table.rules.flatMap(rule => rule.expressions);
  const used = new Set(expressions.flatMap(each => (each.kind === 'lookup' ? [each.set] : [])));
  return { ...table, sets: table.sets.filter(({ name }) => used.has(name)) };
}

function expectOnlyPinsOf(plans: readonly Plan[]): void {
  const wanted = plans.flatMap(({ programs }) => [...programs.keys()]).sort();
  expect(listPins(join(USERS, `name-${NAME}`))).toEqual(wanted);
  expect(wanted.filter(name => !listPins(PROGRAMS).includes(name))).toEqual([]);
}

function plan(number: number): Plan {
  const compiled = compile(POLICIES[number % POLICIES.length] as RulesetText);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
  return compiled.value;
}

function mapPlan(number: number): Plan {
  const compiled = compile(MAP_POLICIES[number % MAP_POLICIES.length] as RulesetText);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
  return compiled.value;
}

/** Of 100 rules three in four stay, with other numbers; the others come and go. */
function mapPolicy(number: number): RulesetText {
  const ports = Array.from({ length: 100 }, (_, each) => (each % 4 === 0 ? 20_000 + 100 * number + each : each + 1));
  return {
    account: '0123456789abcdef0123456789abcdef',
    lists: new Map(),
    rules: ports.map((port, index) => {
      const expression = `ip.src == 192.0.2.1 and tcp.dstport == ${port}`;
      return { index: index + 1, ref: `port-${port}`, action: 'block', enabled: true, expression };
    }),
  };
}

/** Each differs from the one before in every rule. */
function policy(number: number): RulesetText {
  const odd = [
    `udp.dstport == ${number} and ends_with(udp.payload, "${NAME} ${number}")`,
    `tcp.dstport in {1..${number + 1} 5000..6000 7000}`,
  ];
  const even = [
    `ip.src in {10.0.0.0/8 192.0.2.${number % 256}} or ip.ttl == ${number % 64}`,
    'udp.payload == "always"',
  ];
  const expressions = number % 2 === 1 ? odd : even;
  return {
    account: '0123456789abcdef0123456789abcdef',
    lists: new Map(),
    rules: expressions.map((expression, index) => {
      return { index: index + 1, ref: `${number}-${index}`, action: 'block', enabled: true, expression };
    }),
  };
}

/** mulberry32: the moments of a failed run come again with its seed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
