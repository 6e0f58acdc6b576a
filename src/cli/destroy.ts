// rampart destroy: takes a policy out of force.

import { destroy } from '../reconcile/destroy';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type NetnsOption, withNetns } from './options';

export const register: Register = (program, act) => {
  const command = program
    .command('destroy')
    .description('removes Rampart’s tables and pins from a network namespace; all packets pass then');
  withNetns(command).action(
    act(async (output, { netns }: NetnsOption) => {
      const destroyed = await destroy({ namespace: netns });
      output.print({ netns: netns ?? null, ...destroyed }, () =>
        destroyed.tables.length === 0
          ? 'no policy is in force; nothing changed'
          : destroyed.tables.map(family => `removed table ${family} rampart`).join('\n'),
      );
      return EXIT.done;
    }),
  );
};
