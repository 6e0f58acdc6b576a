// A rule of a linear stage that has become another: its nft rule in the base chain, and the one for later fragments, in
// the places of those before, with the chains that they lead to.

import { LATER_CHAIN, readsTransportHeaders, setsOf } from '../backend/nft/compile-table';
import { type LoweredStage, lowerForLaterFragments, lowerStage } from '../backend/nft/lower-stage';
import { NotInNftables, type RuleOptions } from '../backend/nft/rule';
import type { NftChain, NftRule, NftTable } from '../backend/nft/table';
import type { Rule } from '../ir/ruleset';
import type { LinearStage } from '../stage/stage';

type Options = Omit<RuleOptions, 'prefix'>;

/** undefined where the rule stands elsewhere than the one before it, or one more or less of its drawings is needed. */
export function changeLinear(
  table: NftTable,
  stage: LinearStage,
  at: number,
  rule: Rule,
  options: Options,
): NftTable | undefined {
  const before = drawingsOf(stage, stage.rules[at] as Rule, options);
  const after = drawingsOf(stage, rule, options);
  if (before === undefined || after === undefined) return undefined;
  // Whether there is a drawing for later fragments could depend on this rule alone.
  if (readsTransportHeaders(before.plain) !== readsTransportHeaders(after.plain)) return undefined;
  let chains = exchange(table.chains, table.chains[0]?.name, before.plain, after.plain);
  if (chains?.some(({ name }) => name === LATER_CHAIN))
    chains = exchange(chains, LATER_CHAIN, before.later, after.later);
  if (chains === undefined) return undefined;
  const drawn = [before.plain, before.later, after.plain, after.later];
  return { ...table, chains, sets: drawn.some(usesSets) ? setsOf(chains) : table.sets };
}

interface Drawings {
  readonly plain: LoweredStage;
  readonly later: LoweredStage;
}

function drawingsOf(stage: LinearStage, rule: Rule, options: Options): Drawings | undefined {
  const alone = { ...stage, rules: [rule] };
  try {
    return { plain: lowerStage(alone, options), later: lowerForLaterFragments(alone, options) };
  } catch (error) {
    if (error instanceof NotInNftables) return undefined;
    throw error;
  }
}

function exchange(
  chains: readonly NftChain[],
  entry: string | undefined,
  before: LoweredStage,
  after: LoweredStage,
): readonly NftChain[] | undefined {
  const [old, wanted] = [before.base[0], after.base[0]];
  if (old === undefined && wanted === undefined) return chains;
  const place = chains.findIndex(({ name }) => name === entry);
  const chain = chains[place];
  const at = chain === undefined || old === undefined ? -1 : chain.rules.findIndex(rule => isDrawingOf(rule, old));
  if (chain === undefined || wanted === undefined || at === -1) return undefined;
  const gone = new Set(before.chains.map(({ name }) => name));
  const kept = chains
    .with(place, { ...chain, rules: chain.rules.with(at, wanted) })
    .filter(({ name }) => !gone.has(name));
  return kept.toSpliced(place + 1, 0, ...after.chains);
}

/** By its comment, or by the chain of its own that it leads to. */
function isDrawingOf(rule: NftRule, drawn: NftRule): boolean {
  if (drawn.comment !== undefined) return rule.comment === drawn.comment;
  const { verdict } = rule;
  const wanted = drawn.verdict;
  if (verdict === undefined || wanted === undefined || !('chain' in verdict) || !('chain' in wanted)) return false;
  return verdict.chain === wanted.chain;
}

function usesSets({ base, chains }: LoweredStage): boolean {
  return [...base, ...chains.flatMap(({ rules }) => rules)].some(({ matches }) =>
    matches.some(match => match.kind === 'test' && match.set !== undefined),
  );
}
