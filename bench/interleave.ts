// Two sides measured in turns, so that what disturbs the machine disturbs both. Which begins changes from run to run.

import { median } from './median';
import type { Series, Settings, Unit } from './row';

/** Milliseconds or whatever the row counts in, of one run. */
type Side = () => Promise<number>;

export async function interleave(
  { runs }: Settings,
  unit: Unit,
  sides: { readonly ours: Side; readonly theirs: Side },
): Promise<{ readonly ours: Series; readonly theirs: Series; readonly ratio: Series }> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    if (run % 2 === 0) ours.push(await sides.ours());
    theirs.push(await sides.theirs());
    if (run % 2 === 1) ours.push(await sides.ours());
  }
  return {
    ours: { unit, runs: ours },
    theirs: { unit, runs: theirs },
    ratio: { unit: 'times', runs: ours.map((value, run) => (theirs[run] as number) / value) },
  };
}

/** The median duration of some calls in a row, in milliseconds. */
export async function medianDuration(repeats: number, call: (repeat: number) => Promise<unknown>): Promise<number> {
  const durations: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) durations.push(await duration(() => call(repeat)));
  return median(durations);
}

/** In milliseconds. */
export async function duration(call: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
