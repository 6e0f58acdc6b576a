// rampart versions: the documents that an agent keeps of an account, or one of them as it was put.

import { answerValue, askAgent, pathOf } from './agent-client';
import type { Register } from './command';
import { EXIT } from './exit-code';
import { type SocketOption, withSocket } from './options';
import { textTable } from './text-table';

interface VersionsAnswer {
  readonly account: string;
  readonly desired?: number;
  readonly previous?: number;
  readonly confirmBy?: string;
  readonly versions: readonly { readonly version: number; readonly created: string; readonly digest: string }[];
}

export const register: Register = (program, act) => {
  const command = program
    .command('versions <account> [version]')
    .description('shows which documents an agent keeps of an account, or one of them');
  withSocket(command).action(
    act(async (output, account: string, version: string | undefined, { socket }: SocketOption) => {
      const path = pathOf(['accounts', account, 'versions', ...(version === undefined ? [] : [version])]);
      const answer = await askAgent(socket, { method: 'GET', path });
      if (version !== undefined) output.print({ account, version, document: answer.text }, () => answer.text.trimEnd());
      else if (output.json) output.printJsonLine(answer.text.trimEnd());
      else output.print(answer, () => report(answerValue(answer)));
      return EXIT.done;
    }),
  );
};

function report({ desired, previous, confirmBy, versions }: VersionsAnswer): string {
  const rows = versions.map(({ version, created, digest }) => {
    const words = [
      ...(version === desired
        ? [confirmBy === undefined ? 'desired' : `desired, to be confirmed by ${confirmBy}`]
        : []),
      ...(version === previous ? ['before'] : []),
    ];
    return [String(version), created, digest.slice(0, 12), words.join(' ')];
  });
  return textTable(['version', 'put', 'digest', ''], rows);
}
