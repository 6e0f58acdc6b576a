// rampart doctor: what Rampart needs of this machine, and what of it is there.

import Table from 'cli-table3';
import { examine, isReady } from '../doctor/examine';
import type { Diagnosis } from '../doctor/probe';
import { PROBES } from '../doctor/probes';
import type { Register } from './command';
import { EXIT } from './exit-code';

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

/** Columns and no lines, so that the output can be cut and searched. */
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};
const PLAIN = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };

function report(probes: readonly Diagnosis[], ready: boolean): string {
  const table = new Table({ head: ['probe', 'answer', 'needed for', 'seen'], chars: BARE, style: PLAIN });
  for (const { name, answer, required, neededFor, detail } of probes) {
    table.push([name, answer, required ? neededFor : `${neededFor} (optional)`, detail]);
  }
  const rows = table.toString().replaceAll(/ +$/gm, '');
  const cures = probes
    .filter(({ answer }) => answer === 'no')
    .map(({ name, required, cure }) => `${name} is missing${required ? '' : ' (optional)'}; cure: ${cure}`);
  const verdict = ready ? 'Rampart can run here.' : 'Rampart cannot run here: something required is missing.';
  return [rows, ...cures, verdict].join('\n');
}
