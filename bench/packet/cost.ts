// What policies add to the cost of a packet: the meter's runs over a namespace without any policy, ours and the peer's.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../median';
import { runBuilt } from '../process';
import type { Series, Settings } from '../row';
import type { PacketTable } from './ipv4-packet';

export interface CostOf {
  readonly packets: PacketTable;
  readonly directory: string;
  /** Packets in each namespace in a round. */
  readonly burst: number;
  /** In a run. */
  readonly rounds: number;
  /** The first is the one without a policy. */
  readonly namespaces: readonly string[];
}

/** Nanoseconds added, a series for each namespace after the first. */
export async function addedCosts(settings: Settings, cost: CostOf): Promise<readonly Series[]> {
  const runs: (readonly number[])[] = [];
  for (let run = 0; run < settings.runs; run++) runs.push(await addedInOneRun(settings, cost));
  return cost.namespaces.slice(1).map((_, which) => ({ unit: 'ns', runs: runs.map(added => added[which] as number) }));
}

/** How many packets each namespace has got after that. */
export function packetsSent({ runs, effort }: Settings, { burst, rounds }: CostOf): number {
  return runs * burst * (roundsOf(rounds, effort) + WARM_UP);
}

/** The quotient of the two in the same run. */
export function ratioOf(above: Series, below: Series): Series {
  return { unit: 'times', runs: above.runs.map((value, run) => value / (below.runs[run] as number)) };
}

/** meter.c's. */
const WARM_UP = 2;

interface Meter {
  readonly rounds: readonly (readonly number[])[];
}

/** Medians of the differences to the first namespace in the same round. */
async function addedInOneRun({ effort }: Settings, cost: CostOf): Promise<readonly number[]> {
  const { packets, directory, burst, rounds, namespaces } = cost;
  const file = join(directory, 'packets');
  writeFileSync(file, packets.bytes);
  const numbers = [packets.length, burst, roundsOf(rounds, effort), CPU].map(String);
  const meter: Meter = JSON.parse(await runBuilt('meter', file, ...numbers, ...namespaces));
  return namespaces
    .slice(1)
    .map((_, which) => median(meter.rounds.map(round => (round[which + 1] as number) - (round[0] as number))));
}

const CPU = 1;

function roundsOf(rounds: number, effort: number): number {
  return Math.max(3, Math.round(rounds * effort));
}
