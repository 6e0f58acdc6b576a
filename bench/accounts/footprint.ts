// What this process and the kernel hold: descriptors, memory of the process, memory of the kernel. The kernel's is that of the
// whole machine, so that figures are of a machine on which nothing else happens.

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

export interface Footprint {
  readonly descriptors: number;
  /** Of JavaScript, in use. In bytes, as all that follow. */
  readonly heap: number;
  /** Of the process, in memory. */
  readonly resident: number;
  /** What the kernel says it holds for itself. */
  readonly kernel: number;
}

const REST_MS = 500;
const KERNEL = ['Slab', 'Percpu', 'KernelStack', 'PageTables', 'VmallocUsed'] as const;

/** After what is no longer used has been collected. */
export async function footprint(): Promise<Footprint> {
  await setTimeout(REST_MS);
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { descriptors: readdirSync('/proc/self/fd').length, heap: heapUsed, resident: rss, kernel: kernelMemory() };
}

/** The difference, as a whole and for each of so many accounts. */
export function footprintWords(before: Footprint, after: Footprint, accounts: number): string[] {
  const grown = (what: keyof Footprint) => after[what] - before[what];
  const bytes = (what: keyof Footprint) =>
    `${(grown(what) / 2 ** 20).toFixed(1)} MiB, ${(grown(what) / 2 ** 10 / accounts).toFixed(1)} KiB an account`;
  return [
    `descriptors: ${grown('descriptors')}, ${(grown('descriptors') / accounts).toFixed(1)} an account`,
    `JavaScript: ${bytes('heap')}`,
    `process: ${bytes('resident')}`,
    `kernel: ${bytes('kernel')}`,
  ];
}

function kernelMemory(): number {
  const sizes = new Map(
    Array.from(readFileSync('/proc/meminfo', 'utf8').matchAll(/^(\w+): +([0-9]+) kB$/gm), ([, name, size]) => [
      name as string,
      1024 * Number(size),
    ]),
  );
  return KERNEL.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
}
