// Which rules a change touches, for people.

import type { Difference } from '../reconcile/difference';

/** Of one kind of change; --json has them all. */
const MOST_REFS = 20;

export function differenceLines(difference: Difference): string[] {
  const { added, changed, moved, unchanged } = difference;
  const changes = (['added', 'removed', 'changed', 'moved'] as const).filter(kind => difference[kind].length > 0);
  const all = unchanged.length + added.length + changed.length + moved.length;
  return [
    ...changes.map(kind => `  ${kind}: ${someOf(difference[kind])}`),
    `  unchanged: ${unchanged.length} of ${all} rules`,
  ];
}

function someOf(refs: readonly string[]): string {
  const shown = refs.slice(0, MOST_REFS).join(', ');
  return refs.length <= MOST_REFS ? shown : `${shown} and ${refs.length - MOST_REFS} more`;
}
