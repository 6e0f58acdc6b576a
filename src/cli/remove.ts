// rampart remove: an account goes, with all that is its own in the kernel and its versions.

import type { AccountError } from '../agent/account-status';
import { answerValue, askAgentToChange, pathOf } from './agent-client';
import { errorLines } from './change-report';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type SocketOption, withSocket } from './options';

interface RemoveAnswer {
  readonly account: string;
  readonly outcome: 'removed' | 'failed' | 'superseded' | 'closed';
  readonly status?: { readonly error?: AccountError };
}

export const register: Register = (program, act) => {
  const command = program
    .command('remove <account>')
    .description('takes an account away: its namespace, rules and links, and its versions; all its packets pass then');
  withSocket(command).action(
    act(async (output, account: string, { socket }: SocketOption) => {
      const path = pathOf(['accounts', account]);
      const answer = await askAgentToChange(socket, { method: 'DELETE', path });
      const removal = answerValue<RemoveAnswer>(answer);
      if (output.json) output.printJsonLine(answer.text.trimEnd());
      else output.print(removal, () => report(removal));
      return removal.outcome === 'removed' ? EXIT.done : EXIT.refused;
    }),
  );
};

function report({ account, outcome, status }: RemoveAnswer): string {
  if (outcome === 'removed') return `account ${account} is removed`;
  if (outcome === 'superseded') return `account ${account} was put again meanwhile, and stays`;
  return [`account ${account} is not removed yet; the agent goes on trying`, ...errorLines(status?.error)].join('\n');
}
