// The shape of a policy file. Every key is named here and nowhere else, with what to write at its place. What spans
// several keys is in policy-check.ts.

import { z } from 'zod';
import { type ListItem, parseListItem } from './list-item';
import { NETWORK_CURES, NETWORK_KEYS, networkShape } from './network-schema';

const listItem = z.string().transform((text, context): ListItem => {
  const item = parseListItem(text);
  if ('family' in item) return item;
  context.addIssue({ code: 'custom', message: item.message, params: { code: 'policy.list-item', cure: item.cure } });
  return z.NEVER;
});

const actionParameters = z.strictObject({ ruleset: z.literal('current') });

const rule = z.strictObject({
  // It goes into the comment of kernel rules, which holds 128 bytes; so does the account.
  ref: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]{1,64}$/)
    .optional(),
  description: z.string().max(500).default(''),
  // Plain `true` is an expression too.
  expression: z.union([z.string(), z.boolean().transform(String)]),
  action: z.enum(['block', 'skip', 'log']),
  action_parameters: actionParameters.optional(),
  enabled: z.boolean().default(true),
});

export const policySchema = z.strictObject({
  account: z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/),
  ...networkShape,
  lists: z.record(z.string(), z.array(listItem)).default({}),
  rules: z.array(rule),
});

export type PolicyFile = z.output<typeof policySchema>;

/** By path; * stands for any step. What to write at that place. */
export const CURES: Readonly<Record<string, string>> = {
  '': 'a policy is a mapping with account, lists and rules',
  '/account': 'account: 1 to 64 of letters, digits, _ . : and -',
  ...NETWORK_CURES,
  '/lists': 'lists: {NAME: [ADDRESS or PREFIX, …]}',
  '/lists/*': 'NAME: [ADDRESS or PREFIX, …]',
  '/lists/*/*': 'write an address or a prefix in quotes',
  '/rules': 'rules: [{expression: …, action: …}, …]',
  '/rules/*': 'a rule is a mapping with expression and action',
  '/rules/*/ref': 'ref: 1 to 64 of letters, digits, _ . : and -',
  '/rules/*/description': 'description: text of at most 500 characters',
  '/rules/*/expression': 'expression: a Wirefilter expression in quotes',
  '/rules/*/action': 'action: block, skip or log',
  '/rules/*/action_parameters': 'action_parameters: {ruleset: current}, with action skip',
  '/rules/*/action_parameters/ruleset': 'ruleset: current',
  '/rules/*/enabled': 'enabled: true or false',
};

/** The keys that a mapping may have, by the same paths. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(policySchema.shape),
  ...NETWORK_KEYS,
  '/rules/*': Object.keys(rule.shape),
  '/rules/*/action_parameters': Object.keys(actionParameters.shape),
};
