// Objects of this realm whose account nobody wants: those of an account that was removed while no agent was running, and
// what a killed agent left in a namespace that the account has since moved from. Nothing is swept on what could not be read.

import type { FoundAccount } from '../network/list-accounts';
import { listAccounts } from '../network/list-accounts';
import { accountError } from './account-error';
import type { Surroundings } from './surroundings';

export interface Sweep {
  /** Resolves when nothing is being read any more. Calling twice is harmless. */
  close(): Promise<void>;
}

/** Once, as soon as `isRead` says that all wanted accounts are read; until then, and where a dump fails, it is put off. */
export function sweepWhenRead(
  { names, host, settings, tell }: Surroundings,
  isRead: () => boolean,
  sweep: (found: FoundAccount) => void,
): Sweep {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let reading = Promise.resolve();
  const attempt = async () => {
    try {
      if (!isRead()) throw new UnreadAccountsError();
      const found = await listAccounts(names, host);
      if (!isClosed) for (const each of found) sweep(each);
    } catch (error) {
      if (isClosed) return;
      tell({ kind: 'sweep_put_off', error: accountError(error) });
      timer = setTimeout(begin, settings.verifyEvery);
    }
  };
  const begin = () => {
    reading = attempt();
  };
  begin();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      return reading;
    },
  };
}

class UnreadAccountsError extends Error {
  override readonly name = 'UnreadAccountsError';
  readonly code = 'sweep.unread-accounts';
  readonly cure = 'see the accounts that have failed, and what the log said at the start; it is tried again by itself';

  constructor() {
    super('not all accounts could be read yet');
  }
}
