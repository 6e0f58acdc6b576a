// Work on accounts: on each of them one thing at a time, in the order in which it was asked for.

export class AccountTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(account: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(account) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    this.#last.set(account, settled);
    void settled.then(() => {
      if (this.#last.get(account) === settled) this.#last.delete(account);
    });
    return turn;
  }

  /** What is under way is finished, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
