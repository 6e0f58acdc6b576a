// make soak: an agent with twenty accounts under traffic, and for SOAK_SECONDS everything that others might do to them. No
// packet of a kind that all versions of its account block ever passes; afterwards everything is as desired, nothing of one
// account is another's, and as much is held as before. SEED=… does the same again, but for what only time decides.

import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ask, counts } from './asked';
import { DEEDS } from './chaos';
import { descriptors, held } from './held';
import {
  ACCOUNTS,
  addressIn,
  BLOCKED_BY_ALL,
  firstDocument,
  nameOf,
  originDevice,
  ownPort,
  PASSED_BY_ALL,
  TOKEN,
} from './kinds';
import { arrived, makeOrigin } from './origin';
import { seededRandom } from './random';
import { makeRing, type Ring } from './ring';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 600);
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
/** Milliseconds between two rounds of traffic of four packets for each account. */
const ROUND_MS = 100;
/** Longer than the test may take, so that it ends when nobody is there to end it. */
const ROUNDS = String(Math.ceil(((SECONDS + 600) * 1000) / ROUND_MS));
const LAST_PACKETS = 10;

const folder = mkdtempSync(join(tmpdir(), `rampart-soak-${process.pid}-`));
const began = performance.now();
const history: string[] = [];
let ring: Ring;
let traffic: ChildProcess | undefined;

afterAll(async () => {
  await ring?.stop();
  rmSync(folder, { recursive: true });
});

test(
  'chaos',
  async () => {
    process.stdout.write(`SEED=${SEED} SOAK_SECONDS=${SECONDS}\n`);
    try {
      await soak();
    } catch (error) {
      const log = ring
        ?.agent()
        .log.slice(-40)
        .map(line => JSON.stringify(line));
      process.stdout.write(`SEED=${SEED}\n${history.join('\n')}\nthe agent's last words:\n${log?.join('\n')}\n`);
      throw error;
    }
  },
  (SECONDS + 600) * 1000,
);

async function soak(): Promise<void> {
  ring = await makeRing(folder);
  makeOrigin(ring.machine);
  const empty = held(ring.machine);
  await ring.startAgent();
  await desireFirst();
  await ring.stopAgent();
  await ring.startAgent();
  await expectExactVerdicts();
  const before = { ...held(ring.machine), descriptors: descriptors(ring.processId()) };

  traffic = ring.machine.spawn([
    'node',
    join(__dirname, 'traffic.js'),
    ROUNDS,
    String(ROUND_MS),
    JSON.stringify(kinds()),
  ]);
  const random = seededRandom(SEED);
  let deeds = 0;
  for (const end = performance.now() + 1000 * SECONDS; performance.now() < end; deeds++) {
    const deed = random.oneOf(DEEDS);
    tell(await deed(ring, random));
    expectNothingBlockedArrived();
    await setTimeout(random.below(500));
  }
  await ring.machine.end(traffic);
  await desireFirst();
  await ring.settle();
  expectNothingBlockedArrived();
  const packets = [...arrived(ring.machine).values()].reduce((sum, each) => sum + each, 0);
  process.stdout.write(`${deeds} deeds; ${packets} packets of kinds that pass arrived, none of the others\n`);
  for (const number of ACCOUNTS) expect(seen(originDevice(number), PASSED_BY_ALL)).toBeGreaterThan(LAST_PACKETS);

  await ring.stopAgent();
  await ring.startAgent();
  expectAdoptedUnchanged();
  await expectExactVerdicts();
  expect({ ...held(ring.machine), descriptors: descriptors(ring.processId()) }).toEqual(before);

  for (const number of ACCOUNTS) {
    const path = `/accounts/${nameOf(number)}`;
    expect(await ask(ring.socket, { method: 'DELETE', path })).toBeUndefined();
  }
  expect(held(ring.machine)).toEqual(empty);
  await ring.stopAgent();
}

function tell(deed: string): void {
  history.push(`${((performance.now() - began) / 1000).toFixed(1)} s: ${deed}`);
}

async function desireFirst(): Promise<void> {
  for (const number of ACCOUNTS) {
    const request = { method: 'PUT', path: `/accounts/${nameOf(number)}`, body: firstDocument(number) } as const;
    expect(await ask(ring.socket, request)).toBeUndefined();
  }
}

/** Address, port and payload of what is sent again and again. */
function kinds(): readonly (readonly [string, number, string])[] {
  return ACCOUNTS.flatMap(number => [
    [addressIn(number), ownPort(number), 'own'] as const,
    [addressIn(number), BLOCKED_BY_ALL, 'all'] as const,
    [addressIn(number), TOKEN.port, TOKEN.payload] as const,
    [addressIn(number), PASSED_BY_ALL, 'passes'] as const,
  ]);
}

function expectNothingBlockedArrived(): void {
  const blocked = [...arrived(ring.machine).keys()].filter(kind =>
    ACCOUNTS.some(number =>
      [ownPort(number), BLOCKED_BY_ALL, TOKEN.port].some(port => kind === `${originDevice(number)} ${port}`),
    ),
  );
  expect(blocked).toEqual([]);
}

function seen(device: string, port: number): number {
  return arrived(ring.machine).get(`${device} ${port}`) ?? 0;
}

/** What the agent says of each account when it has compared all of it with the kernel. */
function expectAdoptedUnchanged(): void {
  const compared = ring.agent().log.filter(({ msg }) => msg === 'in force');
  expect(compared.map(({ account, changes }) => [account, changes]).sort()).toEqual(
    ACCOUNTS.map(number => [nameOf(number), []]).sort(),
  );
}

/**
 * So many packets of each kind to each account: each rule has counted its own, and what the next account blocks alone has
 * come through.
 */
async function expectExactVerdicts(): Promise<void> {
  const before = await allCounts();
  const sent = ACCOUNTS.flatMap(number => [
    [addressIn(number), ownPort(number), 'own'] as const,
    [addressIn(number), BLOCKED_BY_ALL, 'all'] as const,
    [addressIn(number), TOKEN.port, TOKEN.payload] as const,
    [addressIn(number), ownPort(other(number)), 'of another'] as const,
  ]);
  const through = () => ACCOUNTS.map(number => seen(originDevice(number), ownPort(other(number))));
  const throughBefore = through();
  ring.machine.output('node', join(__dirname, 'traffic.js'), String(LAST_PACKETS), '10', JSON.stringify(sent));
  const after = await allCounts();
  const counted = ACCOUNTS.map((_, number) =>
    ['own', 'all', 'token'].map(ref => (after[number]?.get(ref) ?? 0) - (before[number]?.get(ref) ?? 0)),
  );
  expect(counted).toEqual(ACCOUNTS.map(() => [LAST_PACKETS, LAST_PACKETS, LAST_PACKETS]));
  const throughAfter = through();
  expect(throughAfter.map((each, number) => each - (throughBefore[number] as number))).toEqual(
    ACCOUNTS.map(() => LAST_PACKETS),
  );
}

function other(number: number): number {
  return (number + 1) % ACCOUNTS.length;
}

function allCounts(): Promise<readonly ReadonlyMap<string, number>[]> {
  return Promise.all(ACCOUNTS.map(number => counts(ring.socket, nameOf(number))));
}
