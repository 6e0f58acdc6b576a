// The text in a rule's user data by which Rampart knows its own rules again, in `nft list ruleset` as after a restart:
// `rampart rule=3 ref=web action=block`, with `shadow` behind it for a disabled rule. One reader, one writer.

import type { Rule } from '../../ir/ruleset';

export interface RuleComment {
  readonly index: number;
  readonly ref: string;
  readonly action: Rule['action'];
  readonly enabled: boolean;
}

/** At most 111 characters with the longest ref (64); nft allows 128. */
export function printRuleComment({ index, ref, action, enabled }: RuleComment): string {
  return `rampart rule=${index} ref=${ref} action=${action}${enabled ? '' : ' shadow'}`;
}

/** undefined for a comment that is not ours. */
export function parseRuleComment(text: string): RuleComment | undefined {
  const parts = /^rampart rule=([0-9]+) ref=([A-Za-z0-9_.:-]+) action=(block|skip|log)( shadow)?$/.exec(text);
  if (parts === null) return undefined;
  const [, index, ref, action, shadow] = parts;
  return { index: Number(index), ref: ref as string, action: action as Rule['action'], enabled: shadow === undefined };
}
