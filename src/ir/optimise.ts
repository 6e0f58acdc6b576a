// The rewrites, in the order they run. Each keeps the meaning: optimised and plain formulas are held against each other
// packet by packet in the tests.

import type { PacketFamily } from '../packet/packet';
import type { Formula } from './formula';
import { complementGuarded } from './rewrite/complement-guarded';
import { dropProved } from './rewrite/drop-proved';
import { factorGuards } from './rewrite/factor-guards';
import { mergeScans } from './rewrite/merge-scans';
import { mergeTests } from './rewrite/merge-tests';
import { settlePresent } from './rewrite/settle-present';

interface Rewrite {
  /** Of the file that it stands in. */
  readonly name: string;
  readonly rewrite: (formula: Formula, family: PacketFamily) => Formula;
}

const REWRITES: readonly Rewrite[] = [
  { name: 'settle-present', rewrite: settlePresent },
  { name: 'merge-tests', rewrite: mergeTests },
  { name: 'factor-guards', rewrite: factorGuards },
  { name: 'merge-tests', rewrite: mergeTests },
  { name: 'merge-scans', rewrite: mergeScans },
  { name: 'drop-proved', rewrite: dropProved },
  { name: 'complement-guarded', rewrite: complementGuarded },
  { name: 'merge-tests', rewrite: mergeTests },
  { name: 'settle-present', rewrite: settlePresent },
];

export function optimise(formula: Formula, family: PacketFamily): Formula {
  return REWRITES.reduce((result, { rewrite }) => rewrite(result, family), formula);
}

/** What each rewrite in turn makes of the formula. */
export function optimiseInSteps(formula: Formula, family: PacketFamily): { name: string; formula: Formula }[] {
  let result = formula;
  return REWRITES.map(({ name, rewrite }) => {
    result = rewrite(result, family);
    return { name, formula: result };
  });
}
