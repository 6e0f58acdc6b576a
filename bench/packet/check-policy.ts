// A policy in force held against the evaluator with the packets that are made for it and, where there are some, captured
// ones.

import type { Check } from '../row';
import { capturedPackets } from './captured';
import { type Checked, type CheckOf, check } from './check';

export async function checkPolicy(of: CheckOf): Promise<Checked> {
  const captured = capturedPackets();
  const checks: Checked[] = [];
  for (const packets of captured === undefined ? [of.packets] : [of.packets, captured]) {
    checks.push(await check({ ...of, packets }));
  }
  return together(checks);
}

function together(checks: readonly Checked[]): Checked {
  const sum = (of: keyof Check) => checks.reduce((total, each) => total + each[of], 0);
  return {
    packets: sum('packets'),
    differences: sum('differences'),
    examples: checks.flatMap(({ examples }) => examples),
  };
}
