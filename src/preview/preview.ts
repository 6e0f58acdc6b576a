// What a change of an account does, before it is done: which rules and parts of the network differ, and which packets would
// be judged otherwise, each shown by one that is.

import { type Account, NO_NETWORK } from '../account/account';
import { DEFAULT_CHANGE_BUDGET, type VerdictChanges, verdictChanges } from '../analysis/verdict-change';
import { compileRuleset, DEFAULT_OPTIONS, type JudgedRule } from '../compile';
import type { Site } from '../ir/external';
import { DEFAULT_REALM, type Names } from '../network/names';
import { type NetworkDifference, networkDifference } from './network-difference';
import { type ListDifference, listDifference, type RuleDifference, ruleDifference } from './rule-difference';

export interface Preview {
  readonly account: string;
  readonly rules: RuleDifference;
  readonly lists: readonly ListDifference[];
  readonly network: NetworkDifference;
  readonly verdicts: VerdictChanges;
}

export type PreviewOutcome =
  | { readonly ok: true; readonly value: Preview; readonly warned: readonly JudgedRule[] }
  | { readonly ok: false; readonly side: 'before' | 'after'; readonly refused: readonly JudgedRule[] };

export interface PreviewOptions {
  readonly site: Site;
  readonly names: Names;
  /** Steps of proof in each family. */
  readonly budget: number;
}

export const DEFAULT_PREVIEW_OPTIONS: PreviewOptions = {
  site: {},
  names: { realm: DEFAULT_REALM },
  budget: DEFAULT_CHANGE_BUDGET,
};

/** `before` undefined: the account is not there yet, and everything passes. */
export function preview(
  before: Account | undefined,
  after: Account,
  { site, names, budget }: PreviewOptions = DEFAULT_PREVIEW_OPTIONS,
): PreviewOutcome {
  const old = before ?? { ...NO_NETWORK, account: after.account, lists: new Map(), rules: [] };
  // Without rewrites: they join scans, and the joined ones could not be compared.
  const options = { ...DEFAULT_OPTIONS, optimise: false, site };
  const next = compileRuleset(after, options);
  if (!next.ok) return { ...next, side: 'after' };
  const previous = compileRuleset(old, options);
  if (!previous.ok) return { ...previous, side: 'before' };
  const both = { before: old, after };
  const verdicts = verdictChanges(previous.value.rules, next.value.rules, budget);
  const [rules, lists, network] = [ruleDifference(both), listDifference(both), networkDifference(before, after, names)];
  const value = { account: after.account, rules, lists, network, verdicts };
  return { ok: true, value, warned: next.warned };
}
