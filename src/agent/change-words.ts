// What a change was, in words for the log and the status.

import type { NetworkChange } from '../network/network-change';
import type { Difference } from '../reconcile/difference';
import type { Enforced } from '../reconcile/enforcement';
import type { Verification } from '../reconcile/verify';

/** Of one kind of change. */
const MOST_REFS = 10;

/** Empty where the kernel had it already. */
export function changesOf(enforced: Enforced): readonly string[] {
  if (enforced.way === 'full') return wordsOf(enforced.difference);
  const { previous, version } = enforced;
  return previous === version ? [] : [`rules of ${previous} became those of ${version}`];
}

function wordsOf(difference: Difference): readonly string[] {
  if (difference.none) return [];
  const kinds = KINDS.filter(kind => difference[kind].length > 0);
  if (kinds.length === 0) return ['tables of the rules, but no rule'];
  return kinds.map(kind => `rules ${kind}: ${someOf(difference[kind])}`);
}

/** What others had done, where wordsOf() says what puts it right. */
export function foundWords(found: Verification): readonly string[] {
  if (found.none) return [];
  const kinds = KINDS.filter(kind => found[kind].length > 0);
  const rules = kinds.map(kind => `rules ${DONE[kind]}: ${someOf(found[kind])}`);
  const pins = found.missingPins.length === 0 ? [] : [`pins removed: ${someOf(found.missingPins)}`];
  const words = [...rules, ...pins];
  return words.length === 0 ? ['tables of the rules changed, but no rule'] : words;
}

const KINDS = ['added', 'removed', 'changed', 'moved'] as const;
/** By what repairing does. */
const DONE = { added: 'removed', removed: 'added', changed: 'changed', moved: 'moved' } as const;

function someOf(refs: readonly string[]): string {
  const shown = refs.slice(0, MOST_REFS).join(', ');
  return refs.length <= MOST_REFS ? shown : `${shown} and ${refs.length - MOST_REFS} more`;
}

export function networkWords({ added, changed, removed }: NetworkChange): readonly string[] {
  return [
    ...added.map(each => `added: ${each}`),
    ...changed.map(each => `changed: ${each}`),
    ...removed.map(each => `removed: ${each}`),
  ];
}

/** What others had done, where networkWords() says what puts it right. */
export function networkFoundWords({ added, changed, removed }: NetworkChange): readonly string[] {
  return [
    ...added.map(each => `gone: ${each}`),
    ...changed.map(each => `not as planned: ${each}`),
    ...removed.map(each => `too much: ${each}`),
  ];
}
