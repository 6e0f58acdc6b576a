// A stage as rules of the base chain, with the chains and the map that they lead to. For later fragments, which have no
// transport header, it is drawn once more: what asks for one holds nowhere there.

import { FALSE, type Formula, type Load } from '../../ir/formula';
import { isInTransport, ofLaterFragment } from '../../ir/later-fragment';
import type { Rule } from '../../ir/ruleset';
import type { PacketFamily } from '../../packet/packet';
import type { ClassifierStage, Stage, VerdictMapStage } from '../../stage/stage';
import { type Backend, type LoweredRule, logOf, logs, lowerRule, matchesOf, type RuleOptions } from './rule';
import { keyFor } from './set';
import type { NftChain, NftRule, NftVerdictMap } from './table';
import { verdictMap } from './verdict-map';

/** Where a packet goes for which the classifier has more to do than to drop it. */
const CLASSIFIED_CHAIN = 'classified';

export interface LoweredStage {
  /** In the base chain. */
  readonly base: readonly NftRule[];
  readonly chains: readonly NftChain[];
  readonly maps: readonly NftVerdictMap[];
  /** Of each rule of the stage; none where no packet comes to it. */
  readonly backends: readonly Backend[];
}

/** For both drawings of a stage: what it is and how it is drawn. */
type Options = Omit<RuleOptions, 'prefix'>;

export function lowerStage(stage: Stage, options: Options): LoweredStage {
  switch (stage.kind) {
    case 'linear': {
      const whole = { ...options, prefix: '' } as const;
      return fromRules(stage.rules.map(rule => lowerRule(rule, whole)));
    }
    case 'verdict_map':
      return withMap(stage, options);
    case 'classifier':
      return classified(stage, options);
  }
}

/** Chains and maps that it shares with the other drawing are not given again. */
export function lowerForLaterFragments(stage: Stage, options: Options): LoweredStage {
  switch (stage.kind) {
    case 'linear': {
      const later = { ...options, prefix: 'later_' } as const;
      const matching = inLaterFragments(stage.rules, options.family);
      return fromRules(matching.map(({ rule, formula }) => lowerRule(rule, later, formula)));
    }
    case 'verdict_map': {
      const drawn = lookUp(stage, options);
      return readsTransportHeader(stage) ? { ...drawn, base: [] } : drawn;
    }
    case 'classifier':
      return { ...classified(stage, options), chains: [] };
  }
}

/** Those that match some, with what is left of their formulas: the rules stay the policy's, and count as these. */
function inLaterFragments(
  rules: readonly Rule[],
  family: PacketFamily,
): readonly { readonly rule: Rule; readonly formula: Formula }[] {
  return rules.flatMap(rule => {
    const formula = ofLaterFragment(rule.formula[family]);
    return formula === FALSE ? [] : [{ rule, formula }];
  });
}

function fromRules(rules: readonly LoweredRule[]): LoweredStage {
  const base: NftRule[] = [];
  const chains: NftChain[] = [];
  for (const rule of rules) {
    if (rule.base !== undefined) base.push(rule.base);
    chains.push(...rule.chains);
  }
  return { base, chains, maps: [], backends: rules.map(({ backend }) => backend) };
}

function withMap(stage: VerdictMapStage, options: Options): LoweredStage {
  const { map, reached } = verdictMap(stage, options.family, options.keys);
  const backends = reached.map(each => (each ? 'nft' : 'none'));
  return { ...lookUp(stage, options), maps: [map], backends };
}

/** `meta l4proto tcp ip saddr . th dport vmap @map_saddr_dport`. */
function lookUp({ name, guards, key }: VerdictMapStage, options: Options): LoweredStage {
  const verdict = { kind: 'vmap', map: name, key: key.map(load => keyFor(load, options.family)) } as const;
  const rule = { matches: matchesOf(guards, { ...options, prefix: '' }), counter: false, verdict };
  return { base: [rule], chains: [], maps: [], backends: [] };
}

export function readsTransportHeader({ guards, key }: VerdictMapStage): boolean {
  return [...guards.map(({ load }) => load), ...key].some(isTransport);
}

function isTransport(load: Load): boolean {
  return 'segment' in load && isInTransport(load.segment);
}

/** The program counts and drops; what it cannot do itself is to report the rules that log. */
function classified({ rules }: ClassifierStage, { logGroup }: Options): LoweredStage {
  const logging = rules.filter(logs);
  const backends = rules.map(() => 'ebpf' as const);
  const matches = [{ kind: 'classifier', part: 'verdict' }] as const;
  const drop = { kind: 'drop' } as const;
  if (logging.length === 0) {
    return { base: [{ matches, counter: false, verdict: drop }], chains: [], maps: [], backends };
  }
  const reports = logging.map((rule, number) => ({
    matches: [{ kind: 'classifier', part: { logged: number } }] as const,
    counter: false,
    log: logOf(rule, logGroup),
  }));
  const end = { matches: [{ kind: 'classifier', part: 'dropped' }] as const, counter: false, verdict: drop };
  return {
    base: [{ matches, counter: false, verdict: { kind: 'goto', chain: CLASSIFIED_CHAIN } }],
    chains: [{ name: CLASSIFIED_CHAIN, rules: [...reports, end] }],
    maps: [],
    backends,
  };
}
