// Which rules' counts go on when a policy takes the place of another: those of the rules that it has and, where the policy
// before may come back, all. What the rules that go have counted then lies beside the others' earlier counts, marked as
// kept: nobody reads it, and with the policy that comes back its rules go on from there.

import { digest } from '../ir/rule-digest';
import type { Rule } from '../ir/ruleset';
import { once } from './once';

/** What becomes of the counts of rules that the policy has not. */
export type GoneCounts = 'kept' | 'forgotten';

/** By digests. */
export type Digests = Pick<ReadonlySet<string>, 'has'>;

/** Whose counts go on. */
export interface Staying extends Digests {
  /** Of these, whether the rule is not in force. */
  readonly isKept: (digest: string) => boolean;
  /** Whether counts go on that have been kept so far. */
  readonly takesKept: boolean;
}

/** `returns`: the policy was in force once, and goes on from what was kept of it. */
export function stayingRules(rules: readonly Rule[], gone: GoneCounts, returns: boolean): Staying {
  const inForce = rulesIn(rules);
  if (gone === 'kept') return { has: () => true, isKept: each => !inForce.has(each), takesKept: true };
  return { has: inForce.has, isKept: () => false, takesKept: returns };
}

/** Asked only where something is lost: a policy may have many rules. */
export function rulesIn(rules: readonly Rule[]): Digests {
  const digests = once(() => new Set(rules.map(digest)));
  return { has: each => digests().has(each) };
}
