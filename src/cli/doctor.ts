// rampart doctor: what Rampart needs of this machine, and what of it is there.

import { examine, isReady } from '../doctor/examine';
import type { Diagnosis } from '../doctor/probe';
import { PROBES } from '../doctor/probes';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { textTable } from './text-table';

export const register: Register = (program, act) => {
  program
    .command('doctor')
    .description('asks this machine for everything that Rampart needs; status 1 when something required is missing')
    .action(
      act(async output => {
        const probes = await examine(PROBES);
        const ready = isReady(probes);
        output.print({ ready, probes }, () => report(probes, ready));
        return ready ? EXIT.done : EXIT.refused;
      }),
    );
};

function report(probes: readonly Diagnosis[], ready: boolean): string {
  const rows = textTable(
    ['probe', 'answer', 'needed for', 'seen'],
    probes.map(({ name, answer, required, neededFor, detail }) => {
      return [name, answer, required ? neededFor : `${neededFor} (optional)`, detail];
    }),
  );
  const cures = probes
    .filter(({ answer }) => answer === 'no')
    .map(({ name, required, cure }) => `${name} is missing${required ? '' : ' (optional)'}; cure: ${cure}`);
  const verdict = ready ? 'Rampart can run here.' : 'Rampart cannot run here: something required is missing.';
  return [rows, ...cures, verdict].join('\n');
}
