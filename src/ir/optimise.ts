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

const REWRITES: readonly ((formula: Formula, family: PacketFamily) => Formula)[] = [
  settlePresent,
  mergeTests,
  factorGuards,
  mergeTests,
  mergeScans,
  dropProved,
  complementGuarded,
  mergeTests,
  settlePresent,
];

export function optimise(formula: Formula, family: PacketFamily): Formula {
  return REWRITES.reduce((result, rewrite) => rewrite(result, family), formula);
}
