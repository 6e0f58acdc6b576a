// That others may have changed something of an account: since when, and who has committed to nf_tables in the meantime. It
// stands until a look has ended well.

import type { Author } from './account-status';
import type { RepairPace } from './agent-settings';
import { type Repair, waitForRepair } from './repair-pace';

interface Signs {
  /** performance.now() of the first. */
  readonly since: number;
  readonly by: readonly Author[];
}

export interface Settled {
  readonly by: readonly Author[];
  /** From the first sign on. */
  readonly milliseconds: number;
}

export class Suspicion {
  #fresh: Signs | undefined;
  /** Of looks that have not ended well. */
  #examined: Signs | undefined;
  #lastRepair: Repair | undefined;

  constructor(readonly pace: RepairPace) {}

  /** Whether there are signs that no look has begun for. */
  get isFresh(): boolean {
    return this.#fresh !== undefined;
  }

  /** Milliseconds to wait for the look. */
  add(by: readonly Author[]): number {
    const { since, by: known } = this.#fresh ?? { since: performance.now(), by: [] };
    this.#fresh = { since, by: joinAuthors(known, by) };
    return waitForRepair(this.pace, this.#lastRepair, since);
  }

  /** A look begins. */
  examine(): void {
    const { since, by } = this.#examined ?? this.#fresh ?? { since: performance.now(), by: [] };
    this.#examined = { since, by: joinAuthors(by, this.#fresh?.by ?? []) };
    this.#fresh = undefined;
  }

  /** The look has failed: what comes now may be more of the same. */
  postpone(): void {
    const at = performance.now();
    this.#wait(at, this.#examined?.since ?? at);
  }

  /** The look has ended well; `isRepaired`: there was something. */
  settle(isRepaired: boolean): Settled {
    const at = performance.now();
    const { since, by } = this.#examined ?? { since: at, by: [] };
    this.#examined = undefined;
    if (isRepaired) this.#wait(at, since);
    // Another sign may have led here first: whose change it was is told a moment later.
    return { by: joinAuthors(by, this.#fresh?.by ?? []), milliseconds: at - since };
  }

  #wait(at: number, since: number): void {
    this.#lastRepair = { at, wait: waitForRepair(this.pace, this.#lastRepair, since) };
  }
}

function joinAuthors(known: readonly Author[], more: readonly Author[]): readonly Author[] {
  return [...known, ...more.filter(({ processId }) => !known.some(each => each.processId === processId))];
}
