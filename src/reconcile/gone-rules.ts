// The rules that one plan has and the next one has not, by their digests. Where changeRule() made the one from the other
// nothing is looked at but the rule that it exchanged; otherwise what both have at the front and at the end is mostly the
// same objects, and passed over.

import { hexDigest } from '../ir/rule-digest';
import type { Rule } from '../ir/ruleset';
import type { Plan } from '../plan';

/** A rule that has changed is gone too: the one in its place is another. */
export function goneRules(before: Plan, after: Plan): readonly Rule[] {
  const [earlier, now] = [before.ruleset.rules, after.ruleset.rules];
  if (after.change?.from !== earlier) return notAmong(earlier, now);
  const { position } = after.change;
  return notAmong(earlier.slice(position, position + 1), now.slice(position, position + 1));
}

function notAmong(before: readonly Rule[], after: readonly Rule[]): readonly Rule[] {
  const most = Math.min(before.length, after.length);
  let front = 0;
  while (front < most && before[front] === after[front]) front++;
  let end = 0;
  while (end < most - front && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const left = new Set(after.slice(front, after.length - end).map(hexDigest));
  return before.slice(front, before.length - end).filter(rule => !left.has(hexDigest(rule)));
}
