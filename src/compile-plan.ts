// From formulas to the plan: the stages of each family, and what these are as tables, programs and classifiers. Pure.

import { type Program, programFor } from './backend/ebpf/program';
import { type CompiledTable, compileTable } from './backend/nft/compile-table';
import { orderKeys } from './backend/nft/order-key';
import { canLoad } from './backend/nft/partition';
import { POLICY_CHAIN, printPolicyComment } from './backend/nft/policy-comment';
import { lowerRule, NotInNftables } from './backend/nft/rule';
import { ruleCost } from './backend/nft/rule-cost';
import type { NftChain, NftTable } from './backend/nft/table';
import { unreachedRules } from './backend/nft/unreached-rules';
import type { Formula } from './ir/formula';
import type { Rule, Ruleset } from './ir/ruleset';
import type { PacketFamily } from './packet/packet';
import type { Plan, PlanOptions, RuleChoice } from './plan';
import { planVersion } from './plan-version';
import { chooseStages, type StageOptions } from './stage/choose-stages';

/** With the choice `nft`, throws NotInNftables for a rule that unsayableRules() names. */
export function compilePlan(ruleset: Ruleset, options: PlanOptions): Plan {
  const programs = new Map<string, Program>();
  const keys = keysOf(ruleset, options);
  const stages = bothFamilies(family => chooseStages(ruleset.rules, stageOptions(family, options)));
  const compiled = bothFamilies(family =>
    compileTable(stages[family], { ...options, keys, family, program: collect(family, programs) }),
  );
  const version = planVersion(ruleset.rules, versionedOptions(options));
  const policy = policyChain(printPolicyComment({ account: ruleset.account, version: version.text }));
  const choices = ruleset.rules.map(rule => choiceOf(rule, compiled));
  const unreached = unreachedRules(
    ruleset.rules.filter((_, position) => isUnreached(choices[position] as RuleChoice)),
    keys,
  );
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
    choices,
    stages,
    classifiers: { ip: undefined, ip6: undefined },
  };
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

function stageOptions(family: PacketFamily, { choice: backend, stages }: PlanOptions): StageOptions {
  // A program for each rule is what `ebpf` asks for.
  const choice = stages === 'auto' && backend === 'ebpf' ? 'linear' : stages;
  return { family, choice, nft: { canLoad, cost: ruleCost }, noClassifier: 'there is none yet' };
}

/** Gives a formula's program its name, and keeps it in `programs`. */
export function collect(family: PacketFamily, programs: Map<string, Program>): (formula: Formula) => string {
  return formula => {
    const program = programFor(formula, family);
    programs.set(program.name, program);
    return program.name;
  };
}

function choiceOf(rule: Rule, { ip, ip6 }: Readonly<Record<PacketFamily, CompiledTable>>): RuleChoice {
  const backend = { ip: ip.backends.get(rule) ?? 'none', ip6: ip6.backends.get(rule) ?? 'none' };
  return { index: rule.index, ref: rule.ref, backend };
}

export function isUnreached({ backend }: RuleChoice): boolean {
  return backend.ip === 'none' && backend.ip6 === 'none';
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

function bothFamilies<T>(make: (family: PacketFamily) => T): Readonly<Record<PacketFamily, T>> {
  return { ip: make('ip'), ip6: make('ip6') };
}
