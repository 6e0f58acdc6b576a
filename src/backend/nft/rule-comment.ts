// The text in a rule's user data by which Rampart knows its own rules again, in `nft list ruleset` as after a restart:
// `rampart rule=3 ref=web action=block`, with `shadow` behind it for a disabled rule. The number is the rule's order key
// (order-key.ts). One reader, one writer.

import { invariant } from '../../diagnostic/invariant';
import type { Rule } from '../../ir/ruleset';

export interface RuleComment {
  /** Order key. */
  readonly key: string;
  readonly ref: string;
  readonly action: Rule['action'];
  readonly enabled: boolean;
}

/** At most 126 characters with the longest ref (64); nft allows 128. */
export function printRuleComment({ key, ref, action, enabled }: RuleComment): string {
  return `rampart rule=${key} ref=${ref} action=${action}${enabled ? '' : ' shadow'}`;
}

/** `keys` are the plan's order keys by ref. */
export function commentOfRule({ ref, action, enabled }: Rule, keys: ReadonlyMap<string, string>): string {
  const key = keys.get(ref);
  invariant(key !== undefined, 'every rule of a plan has an order key');
  return printRuleComment({ key, ref, action, enabled });
}

/** undefined for a comment that is not ours. */
export function parseRuleComment(text: string): RuleComment | undefined {
  const parts = /^rampart rule=([0-9]+(?:\.[0-9]+)?) ref=([A-Za-z0-9_.:-]+) action=(block|skip|log)( shadow)?$/.exec(
    text,
  );
  if (parts === null) return undefined;
  const [, key, ref, action, shadow] = parts;
  return { key: key as string, ref: ref as string, action: action as Rule['action'], enabled: shadow === undefined };
}
