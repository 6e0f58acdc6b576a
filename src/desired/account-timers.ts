// One timer for each account.

export class AccountTimers {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  /** In the place of the one that there was. */
  set(account: string, milliseconds: number, work: () => void): void {
    this.clear(account);
    if (!this.#isClosed) this.#timers.set(account, setTimeout(work, milliseconds));
  }

  clear(account: string): void {
    clearTimeout(this.#timers.get(account));
    this.#timers.delete(account);
  }

  /** None runs any more, nor can be set. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}
