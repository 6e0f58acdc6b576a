// rampart counters: packets and bytes of each rule in force, read back from the kernel alone.

import { readCounters } from '../reconcile/counters';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type NetnsOption, withNetns } from './options';
import { textTable } from './text-table';

export const register: Register = (program, act) => {
  const command = program.command('counters').description('shows how many packets each rule in force has matched');
  withNetns(command).action(
    act(async (output, { netns }: NetnsOption) => {
      const { policy, rules } = await readCounters({ namespace: netns });
      output.print({ netns: netns ?? null, policy: policy ?? null, rules }, () =>
        policy === undefined
          ? 'no policy is in force'
          : textTable(
              ['rule', 'ref', 'action', 'state', 'packets', 'bytes'],
              rules.map(({ index, ref, action, enabled, packets, bytes }) => {
                return [String(index), ref, action, enabled ? 'enabled' : 'shadow', String(packets), String(bytes)];
              }),
            ),
      );
      return EXIT.done;
    }),
  );
};
