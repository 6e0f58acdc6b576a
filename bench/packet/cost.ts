// What policies add to the cost of a packet: the meter's runs over namespaces with them and without.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../median';
import { runBuilt } from '../process';
import type { Series, Settings } from '../row';
import type { PacketTable } from './ipv4-packet';

export interface CostOf {
  readonly lanes: readonly Lane[];
  readonly directory: string;
  /** Packets in each lane in a round. */
  readonly burst: number;
  /** In a run. */
  readonly rounds: number;
}

/** A namespace and what is sent into it; all packets of all lanes are of one length. */
export interface Lane {
  readonly namespace: string;
  readonly packets: PacketTable;
  /** The lane with the same packets and no policy; absent: this is one. */
  readonly base?: Lane;
}

/** Nanoseconds added, a series for each lane with a base, in their order. */
export async function addedCosts(settings: Settings, cost: CostOf): Promise<readonly Series[]> {
  const runs: (readonly number[])[] = [];
  for (let run = 0; run < settings.runs; run++) runs.push(await addedInOneRun(settings, cost));
  return measured(cost).map((_, which) => ({ unit: 'ns', runs: runs.map(added => added[which] as number) }));
}

/** How many packets each lane has got after that. */
export function packetsSent({ runs, effort }: Settings, { burst, rounds }: CostOf): number {
  return runs * burst * (roundsOf(rounds, effort) + WARM_UP);
}

/** The quotient of the two in the same run. */
export function ratioOf(above: Series, below: Series): Series {
  return { unit: 'times', runs: above.runs.map((value, run) => value / (below.runs[run] as number)) };
}

/** meter.c's. */
const WARM_UP = 2;
const CPU = 1;

interface Meter {
  readonly rounds: readonly (readonly number[])[];
}

/** Medians of the differences to the base in the same round. */
async function addedInOneRun({ effort }: Settings, cost: CostOf): Promise<readonly number[]> {
  const { lanes, burst, rounds } = cost;
  const files = packetFiles(cost);
  // A file's first lane holds its program on its device, and a base may serve several files.
  const order = [...measured(cost), ...lanes.filter(({ base }) => base === undefined)];
  const numbers = [lanes[0]?.packets.length ?? 0, burst, roundsOf(rounds, effort), CPU].map(String);
  const meter: Meter = JSON.parse(
    await runBuilt('meter', ...numbers, ...order.map(lane => `${lane.namespace}=${files.get(lane.packets)}`)),
  );
  return measured(cost).map((lane, which) => {
    const base = order.indexOf(lane.base as Lane);
    return median(meter.rounds.map(round => (round[which] as number) - (round[base] as number)));
  });
}

function measured({ lanes }: CostOf): readonly Lane[] {
  return lanes.filter(({ base }) => base !== undefined);
}

function packetFiles({ lanes, directory }: CostOf): ReadonlyMap<PacketTable, string> {
  const tables = [...new Set(lanes.map(({ packets }) => packets))];
  return new Map(
    tables.map((table, position) => {
      const file = join(directory, `packets${position}`);
      writeFileSync(file, table.bytes);
      return [table, file];
    }),
  );
}

function roundsOf(rounds: number, effort: number): number {
  return Math.max(3, Math.round(rounds * effort));
}
