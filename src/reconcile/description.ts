// Chains, rules and sets as text that is equal when the kernel's object is what was asked for: without handles, counts
// and whatever else the kernel adds.

import { createHash } from 'node:crypto';
import type { Chain } from '../netlink/nftables/chain';
import type { Expression } from '../netlink/nftables/expression/expression';
import { pinnedProgramPath } from '../netlink/nftables/expression/xt-bpf-info';
import type { Rule } from '../netlink/nftables/rule';
import type { NftSet } from '../netlink/nftables/set';
import { userdataComment, userdataTag } from '../netlink/nftables/userdata';

export function describeChain(chain: Chain): string {
  return JSON.stringify([chain.name, chain.base, commentOf(chain)]);
}

export function describeRule(rule: Rule): string {
  const known = RULES.get(rule);
  if (known !== undefined) return known;
  const text = `${rule.expressions.map(essence).join('\n')}\n${commentOf(rule) ?? ''}\n${digestOf(rule) ?? ''}`;
  RULES.set(rule, text);
  return text;
}

const RULES = new WeakMap<Rule, string>();

/** Of a map, without its elements. */
export function describeMap({ name, flags, keyLength, dataType, expressions = [] }: NftSet): string {
  return JSON.stringify([name, [...flags].sort(), keyLength, dataType, expressions.map(({ kind }) => kind)]);
}

/** Elements in any order; many, so their hash. */
export function describeSet(
  name: string,
  elements: readonly { readonly key?: Uint8Array; readonly flags?: readonly unknown[] }[],
): string {
  const keys = elements.map(({ key, flags }) => `${Buffer.from(key ?? []).toString('hex')} ${flags?.join() ?? ''}`);
  return `${name} ${createHash('sha256').update(keys.sort().join('\n')).digest('hex')}`;
}

export function commentOf(object: { readonly userdata?: Uint8Array; readonly comment?: string }): string | undefined {
  const { userdata, comment } = object;
  return comment ?? (userdata === undefined ? undefined : userdataComment(userdata));
}

/** Of the policy's rule that the object counts for. */
export function digestOf(object: { readonly userdata?: Uint8Array; readonly tag?: string }): string | undefined {
  const { userdata, tag } = object;
  return tag ?? (userdata === undefined ? undefined : userdataTag(userdata));
}

/**
 * What a rule was sent with: counts, the defaults of log and the program's pointer are the kernel's. The kinds that make
 * up nearly all rules are written out, for there may be a hundred thousand of them.
 */
function essence(expression: Expression): string {
  switch (expression.kind) {
    case 'counter':
      return 'counter';
    case 'payload':
      return `payload ${expression.base} ${expression.offset} ${expression.length} ${expression.destination}`;
    case 'cmp':
      return `cmp ${expression.source} ${expression.operator} ${expression.value.join()}`;
    case 'meta':
      return `meta ${expression.key} ${expression.destination}`;
    case 'verdict':
      return 'chain' in expression.verdict
        ? `${expression.verdict.code} ${expression.verdict.chain}`
        : JSON.stringify(expression.verdict);
    case 'log':
      return `log ${expression.group} ${JSON.stringify(expression.prefix)}`;
    case 'match':
      return `match ${expression.name} ${pinnedProgramPath(expression)}`;
    default:
      return JSON.stringify(
        Object.entries(expression)
          .map(([key, value]) => [key, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value])
          .sort(),
      );
  }
}
