// From formulas to the plan: the stages of each family, and what these are as tables, programs and classifiers. Pure.

import { classifierProgram } from './backend/ebpf/classifier-text';
import { type Program, programFor } from './backend/ebpf/program';
import { type CompiledTable, compileTable } from './backend/nft/compile-table';
import { orderKeys } from './backend/nft/order-key';
import { canLoad } from './backend/nft/partition';
import { POLICY_CHAIN, printPolicyComment } from './backend/nft/policy-comment';
import { type Backend, lowerRule, NotInNftables } from './backend/nft/rule';
import { ruleCost } from './backend/nft/rule-cost';
import type { NftChain, NftTable } from './backend/nft/table';
import { unreachedRules } from './backend/nft/unreached-rules';
import { buildClassifier } from './classifier/build';
import { DEFAULT_LIMITS } from './classifier/classifier';
import type { Formula } from './ir/formula';
import type { Rule, Ruleset } from './ir/ruleset';
import { bothFamilies } from './packet/families';
import type { PacketFamily } from './packet/packet';
import type { Plan, PlannedClassifier, PlanOptions } from './plan';
import { planVersion } from './plan-version';
import { chooseStages, type StageOptions } from './stage/choose-stages';
import type { Stage } from './stage/stage';

/** With the choice `nft`, throws NotInNftables for a rule that unsayableRules() names. */
export function compilePlan(ruleset: Ruleset, options: PlanOptions): Plan {
  const programs = new Map<string, Program>();
  const keys = keysOf(ruleset, options);
  const staged = bothFamilies(family => stagesOf(ruleset.rules, family, options));
  const compiled = bothFamilies(family =>
    compileTable(staged[family].stages, { ...options, keys, family, program: collect(family, programs) }),
  );
  const version = planVersion(ruleset.rules, versionedOptions(options));
  const policy = policyChain(printPolicyComment({ account: ruleset.account, version: version.text }));
  const backends = bothFamilies(family => backendsOf(ruleset.rules, staged[family].stages, compiled[family]));
  const unreached = unreachedRules(rulesNowhere(ruleset.rules, backends), keys);
  return {
    account: ruleset.account,
    options,
    version: version.text,
    ruleset,
    keys,
    tables: {
      ip: withChains(compiled.ip.table, unreached === undefined ? [policy] : [unreached, policy]),
      ip6: withChains(compiled.ip6.table, [policy]),
    },
    programs,
    backends,
    stages: bothFamilies(family => staged[family].stages),
    classifiers: bothFamilies(family => staged[family].classifier),
  };
}

/** For the next version of the policy: as much as it can of what the kernel has stays. */
export function optionsAfter({ options, keys, classifiers }: Plan): PlanOptions {
  return { ...options, keys, shapes: bothFamilies(family => classifiers[family]?.classifier.shape) };
}

/** What of them changes what the kernel is told; the stages only change how. */
export function versionedOptions({ choice, logGroup }: PlanOptions): string {
  return `${choice} ${logGroup}`;
}

function keysOf({ rules }: Ruleset, { keys }: PlanOptions): ReadonlyMap<string, string> {
  return orderKeys(
    rules.map(({ ref }) => ref),
    keys,
  );
}

interface Staged {
  readonly stages: readonly Stage[];
  readonly classifier: PlannedClassifier | undefined;
}

/** What the classifier cannot take after all is chosen once more without one. */
function stagesOf(rules: readonly Rule[], family: PacketFamily, options: PlanOptions): Staged {
  const noClassifier = options.choice === 'nft' ? 'nftables alone is asked for' : undefined;
  const stages = chooseStages(rules, stageOptions(family, options, noClassifier));
  const last = stages.at(-1);
  if (last?.kind !== 'classifier') return { stages, classifier: undefined };
  const classifier = buildClassifier(last.rules, family, DEFAULT_LIMITS, options.shapes?.[family]);
  if (!('refused' in classifier)) {
    return { stages, classifier: { program: classifierProgram(classifier.shape), classifier, change: undefined } };
  }
  const others = chooseStages(rules, stageOptions(family, options, classifier.refused));
  return { stages: others, classifier: undefined };
}

function stageOptions(
  family: PacketFamily,
  { choice: backend, stages }: PlanOptions,
  noClassifier: string | undefined,
): StageOptions {
  // A program for each rule is what `ebpf` asks for.
  const choice = stages === 'auto' && backend === 'ebpf' ? 'linear' : stages;
  return { family, choice, nft: { canLoad, cost: ruleCost }, noClassifier };
}

/** Gives a formula's program its name, and keeps it in `programs`. */
export function collect(family: PacketFamily, programs: Map<string, Program>): (formula: Formula) => string {
  return formula => {
    const program = programFor(formula, family);
    programs.set(program.name, program);
    return program.name;
  };
}

/** The stages have the rules in the order of the policy. */
function backendsOf(rules: readonly Rule[], stages: readonly Stage[], compiled: CompiledTable): readonly Backend[] {
  const backends = rules.map((): Backend => 'none');
  let position = 0;
  for (const [number, stage] of stages.entries()) {
    const own = compiled.backends[number] as readonly Backend[];
    for (const [at, rule] of stage.rules.entries()) {
      while (rules[position] !== rule) position++;
      backends[position] = own[at] as Backend;
    }
  }
  return backends;
}

/** Rules that no packet comes to. */
export function rulesNowhere(rules: readonly Rule[], { ip, ip6 }: Plan['backends']): readonly Rule[] {
  return rules.filter((_, position) => ip[position] === 'none' && ip6[position] === 'none');
}

function withChains(table: NftTable, chains: readonly NftChain[]): NftTable {
  return { ...table, chains: [...table.chains, ...chains] };
}

export function policyChain(comment: string): NftChain {
  return { name: POLICY_CHAIN, comment, rules: [] };
}

/** What nftables cannot say of rules by itself, each rule alone, so that all are named. */
export function unsayableRules({ rules }: Ruleset, options: PlanOptions): ReadonlyMap<Rule, NotInNftables> {
  const unsayable = new Map<Rule, NotInNftables>();
  const keys = new Map(rules.map(({ ref }) => [ref, '1']));
  for (const rule of rules) {
    try {
      bothFamilies(family =>
        lowerRule(rule, { ...options, keys, family, prefix: '', program: collect(family, new Map()) }),
      );
    } catch (error) {
      if (!(error instanceof NotInNftables)) throw error;
      unsayable.set(rule, error);
    }
  }
  return unsayable;
}
