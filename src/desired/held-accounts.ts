// Accounts of which nobody can tell what is desired. The agent leaves what the kernel has of them; what was in the way of
// reading them may go by itself, so they are read again.

import type { Agent } from '../agent/agent';
import type { Unreadable } from '../agent/desired';
import { AccountTimers } from './account-timers';

export class HeldAccounts {
  readonly #held = new Map<string, Unreadable>();
  readonly #timers = new AccountTimers();

  /** `readAgain` is called when the time of one has come. */
  constructor(
    readonly agent: Pick<Agent, 'hold'>,
    readonly readAgain: (held: Unreadable) => void,
  ) {}

  hold(unreadable: Unreadable): void {
    this.agent.hold(unreadable);
    this.keep(unreadable);
  }

  /** One that the agent has been told of. */
  keep(unreadable: Unreadable): void {
    const { account, retryAt } = unreadable;
    this.#held.set(account, unreadable);
    if (retryAt === undefined) return;
    this.#timers.set(account, retryAt.getTime() - Date.now(), () => this.readAgain(unreadable));
  }

  /** Nothing else has been wanted of the account since. */
  isHeld(unreadable: Unreadable): boolean {
    return this.#held.get(unreadable.account) === unreadable;
  }

  release(account: string): void {
    this.#held.delete(account);
    this.#timers.clear(account);
  }

  /** None is read again. */
  close(): void {
    this.#timers.close();
  }
}
