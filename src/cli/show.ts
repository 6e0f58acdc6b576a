// rampart show: the policy that the kernel has in force, read back from the kernel alone.

import { type Counters, readCounters } from '../reconcile/counters';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type NetnsOption, withNetns } from './options';
import { textTable } from './text-table';

export const register: Register = (program, act) => {
  const command = program.command('show').description('shows the rules in force in a network namespace');
  withNetns(command).action(
    act(async (output, { netns }: NetnsOption) => {
      const { policy, rules, programs } = await readCounters({ namespace: netns });
      const shown = rules.map(({ packets, bytes, ...rule }) => rule);
      output.print({ netns: netns ?? null, policy: policy ?? null, rules: shown, programs }, () =>
        policy === undefined ? 'no policy is in force' : report({ policy, rules, programs }),
      );
      return EXIT.done;
    }),
  );
};

function report({ policy, rules, programs }: Counters): string {
  const rows = rules.map(({ index, ref, action, enabled, families }) => {
    return [String(index), ref, action, enabled ? 'enabled' : 'shadow', families.join(' ') || 'none'];
  });
  return [
    `account ${policy?.account}, version ${policy?.version}`,
    textTable(['rule', 'ref', 'action', 'state', 'tables'], rows),
    ...programs.map(program => `eBPF program ${program}`),
  ].join('\n');
}
