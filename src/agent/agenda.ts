// What one account's keeper has to do, now or later: one step after the other, each in its turn among all accounts.

import type { Turnstile } from './turnstile';

/** In the order in which they are done. What others did is repaired before a change: so it is counted, and told from it. */
const WORK = ['look', 'reroute', 'goal'] as const;
export type Work = (typeof WORK)[number];

/** To try again; to repair; to look whether all is well. */
const TIMERS = ['goal', 'look', 'verify'] as const;
export type Timer = (typeof TIMERS)[number];

interface Alarm {
  readonly timeout: NodeJS.Timeout;
  /** performance.now() */
  readonly at: number;
}

export class Agenda {
  readonly #due = new Set<Work>();
  #last: Work | undefined;
  readonly #timers: { [what in Timer]?: Alarm } = {};
  #working: Promise<void> | undefined;
  #isClosed = false;

  /** `mustLook`: before anything else that is due. */
  constructor(
    readonly turnstile: Turnstile,
    readonly mustLook: () => boolean,
    readonly step: (what: Work) => Promise<void>,
  ) {}

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(what: Work): void {
    if (what === 'goal') this.clearTimer('goal');
    this.#due.add(what);
    this.#work();
  }

  /** One that runs already is not put off, but may come sooner. */
  setTimer(what: Timer, wait: number): void {
    const at = performance.now() + wait;
    const running = this.#timers[what];
    if (this.#isClosed || (running !== undefined && running.at <= at)) return;
    this.clearTimer(what);
    const timeout = setTimeout(() => this.add(what === 'goal' ? what : 'look'), wait);
    this.#timers[what] = { timeout, at };
  }

  hasTimer(what: Timer): boolean {
    return this.#timers[what] !== undefined;
  }

  clearTimer(what: Timer): void {
    clearTimeout(this.#timers[what]?.timeout);
    delete this.#timers[what];
  }

  /** No step begins any more. */
  close(): void {
    this.#isClosed = true;
    for (const what of TIMERS) this.clearTimer(what);
  }

  /** Resolves when the step under way has ended. */
  async quiet(): Promise<void> {
    await this.#working;
  }

  #work(): void {
    if (this.#isClosed || this.#working !== undefined || this.#due.size === 0) return;
    const urgency = this.#due.has('goal') && this.#due.size === 1 ? 'ordinary' : 'urgent';
    // Not within this call: what a step adds before its first wait would begin beside it.
    this.#working = Promise.resolve()
      .then(() => this.turnstile.pass(urgency, () => this.#takeStep()))
      .finally(() => {
        this.#working = undefined;
        this.#work();
      });
  }

  async #takeStep(): Promise<void> {
    if (this.#isClosed) return;
    const next = this.#next();
    if (next === undefined) return;
    this.#last = next;
    this.#due.delete(next);
    await this.step(next);
  }

  /** Somebody who changes things all the time must not keep a change from its turn. */
  #next(): Work | undefined {
    if (this.#last === 'look' && this.#due.has('goal')) return 'goal';
    return this.mustLook() ? 'look' : WORK.find(each => this.#due.has(each));
  }
}
