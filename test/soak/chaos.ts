// What is done to an agent and its accounts, at random: changes, and everything that others might break.

import { setTimeout } from 'node:timers/promises';
import { ask } from './asked';
import { ACCOUNTS, nameOf, randomDocument } from './kinds';
import type { Random } from './random';
import type { Ring } from './ring';

/** What it did, in words. */
type Deed = (ring: Ring, random: Random) => Promise<string>;

/** As often as they stand here. */
export const DEEDS: readonly Deed[] = [
  change,
  change,
  change,
  changeMany,
  killAmidChange,
  flush,
  flush,
  deleteLink,
  deleteRoute,
  deletePin,
  exhaust,
];

async function change(ring: Ring, random: Random): Promise<string> {
  const number = random.oneOf(ACCOUNTS);
  const refused = await put(ring, number, random);
  return `changed ${nameOf(number)}${told(refused)}`;
}

async function changeMany(ring: Ring, random: Random): Promise<string> {
  const numbers = ACCOUNTS.filter(() => random.fraction() < 0.4);
  const answers = await Promise.all(numbers.map(number => put(ring, number, random)));
  return `changed ${numbers.map((number, each) => `${nameOf(number)}${told(answers[each])}`).join(', ')}`;
}

async function killAmidChange(ring: Ring, random: Random): Promise<string> {
  const numbers = ACCOUNTS.filter(() => random.fraction() < 0.3);
  const wait = random.below(300);
  const changes = numbers.map(number => put(ring, number, random));
  await setTimeout(wait);
  await ring.killAgent();
  await Promise.all(changes);
  await ring.startAgent();
  return `killed the agent ${wait} ms after changes of ${numbers.map(nameOf).join(', ')} began, and started it`;
}

/** Tables that have an owner stay; whatever else is there goes. */
async function flush(ring: Ring, random: Random): Promise<string> {
  const name = nameOf(random.oneOf(ACCOUNTS));
  const { status } = ring.inAccount(name, 'nft flush ruleset');
  return `flushed the ruleset of ${name}: status ${status}`;
}

async function deleteLink(ring: Ring, random: Random): Promise<string> {
  const name = nameOf(random.oneOf(ACCOUNTS));
  const link = random.oneOf(['uplink', 'fra1']);
  const { status } = ring.inAccount(name, `ip link delete ${link}`);
  return `deleted ${link} of ${name}: status ${status}`;
}

async function deleteRoute(ring: Ring, random: Random): Promise<string> {
  const number = random.oneOf(ACCOUNTS);
  const { status } = ring.machine.run(['ip', 'route', 'delete', `10.20.${number}.0/24`]);
  return `deleted the host's route to ${nameOf(number)}: status ${status}`;
}

async function deletePin(ring: Ring, random: Random): Promise<string> {
  const pins = ring.machine.output('find', '/sys/fs/bpf/rampart', '-type', 'f').split('\n').filter(Boolean).sort();
  if (pins.length === 0) return 'found no pin to delete';
  const pin = random.oneOf(pins);
  const { status } = ring.machine.run(['rm', '-f', pin]);
  return `deleted ${pin}: status ${status}`;
}

/** Changes while there is no descriptor left, and then there are again. */
async function exhaust(ring: Ring, random: Random): Promise<string> {
  const numbers = ACCOUNTS.filter(() => random.fraction() < 0.2);
  const limit = random.below(200);
  ring.limitDescriptors(limit);
  const changes = Promise.all(numbers.map(number => put(ring, number, random)));
  await Promise.race([changes, setTimeout(1000)]);
  ring.limitDescriptors(undefined);
  const answers = await changes;
  return `left ${limit} descriptors, changed ${numbers.map((number, each) => `${nameOf(number)}${told(answers[each])}`).join(', ')}`;
}

function put(ring: Ring, number: number, random: Random): Promise<string | undefined> {
  const body = randomDocument(number, random);
  return ask(ring.socket, { method: 'PUT', path: `/accounts/${nameOf(number)}`, body });
}

function told(refused: string | undefined): string {
  return refused === undefined ? '' : ` (${refused})`;
}
