// rampart confirm: the version that waits for it stays.

import { askAgentToChange, pathOf } from './agent-client';
import { printChange } from './change-report';
import type { Register } from './command';
import { type SocketOption, withSocket } from './options';

export const register: Register = (program, act) => {
  const command = program
    .command('confirm <account>')
    .description('keeps the version that was applied with --confirm-within');
  withSocket(command).action(
    act(async (output, account: string, { socket }: SocketOption) => {
      const path = pathOf(['accounts', account, 'confirm']);
      return printChange(output, await askAgentToChange(socket, { method: 'POST', path }));
    }),
  );
};
