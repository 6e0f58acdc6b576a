// What a change was, in words for the log and the status.

import type { Difference } from '../reconcile/difference';
import type { Enforced } from '../reconcile/enforcement';

/** Of one kind of change. */
const MOST_REFS = 10;

/** Empty where the kernel had it already. */
export function changesOf(enforced: Enforced): readonly string[] {
  if (enforced.way === 'full') return wordsOf(enforced.difference);
  const { previous, version } = enforced;
  return previous === version ? [] : [`rules of ${previous} became those of ${version}`];
}

export function wordsOf(difference: Difference): readonly string[] {
  if (difference.none) return [];
  const kinds = (['added', 'removed', 'changed', 'moved'] as const).filter(kind => difference[kind].length > 0);
  if (kinds.length === 0) return ['tables of the rules, but no rule'];
  return kinds.map(kind => `rules ${kind}: ${someOf(difference[kind])}`);
}

function someOf(refs: readonly string[]): string {
  const shown = refs.slice(0, MOST_REFS).join(', ');
  return refs.length <= MOST_REFS ? shown : `${shown} and ${refs.length - MOST_REFS} more`;
}
