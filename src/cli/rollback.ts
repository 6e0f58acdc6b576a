// rampart rollback: the version before comes back, or the one that is named.

import { askAgentToChange, pathOf } from './agent-client';
import { printChange } from './change-report';
import type { Register } from './command';
import { type SocketOption, withSocket } from './options';

export const register: Register = (program, act) => {
  const command = program
    .command('rollback <account> [version]')
    .description('brings the version before back into force, or the one that is named');
  withSocket(command).action(
    act(async (output, account: string, version: string | undefined, { socket }: SocketOption) => {
      const path = pathOf(['accounts', account, 'rollback'], { version });
      return printChange(output, await askAgentToChange(socket, { method: 'POST', path }));
    }),
  );
};
