// Asks the probes one after the other: they share one scratch namespace, and none takes longer than a compiler run.

import { type Diagnosis, type Finding, findingOf, type Probe } from './probe';
import { type Scratch, withScratch } from './scratch';

export function examine(probes: readonly Probe[]): Promise<readonly Diagnosis[]> {
  return withScratch(async scratch => {
    const diagnoses: Diagnosis[] = [];
    for (const { load, ...description } of probes) {
      diagnoses.push({ ...description, ...(await ask(load, scratch)) });
    }
    return diagnoses;
  });
}

/** A probe says itself which errors mean no; any other that gets here leaves the question open. */
async function ask(load: Probe['load'], scratch: Scratch): Promise<Finding> {
  try {
    return await load()(scratch);
  } catch (error) {
    return findingOf(error, []);
  }
}

/** A machine where something required could not be told is not called unready: the detail says what stood in the way. */
export function isReady(diagnoses: readonly Diagnosis[]): boolean {
  return diagnoses.every(({ required, answer }) => !required || answer !== 'no');
}
