// The plan of a policy in which one rule has become another, from the plan before: the work is that of the rule and not
// of the policy, and what is not concerned is shared by the two plans. What a full compilation would choose anew, such as
// the stages, stays as it is; where the rule does not fit, there is no such plan and all must be compiled.

import type { Program } from './backend/ebpf/program';
import { POLICY_CHAIN, printPolicyComment } from './backend/nft/policy-comment';
import type { Backend } from './backend/nft/rule';
import type { NftTable } from './backend/nft/table';
import { UNREACHED_CHAIN, unreachedRules } from './backend/nft/unreached-rules';
import { policyChain, rulesNowhere, versionedOptions } from './compile-plan';
import type { Rule } from './ir/ruleset';
import type { Plan } from './plan';
import { type Backends, changeInFamily } from './plan-change/family-change';
import { keepIndex, takeIndex } from './plan-change/plan-index';
import { positionOf } from './plan-change/position';
import { changedVersion } from './plan-version';

/**
 * `position` counts from 0. undefined where the rule has another ref or would stand in another stage. The plan before
 * stays what it was, but to change it a second time costs as much as all of its rules.
 */
export function changeRule(plan: Plan, position: number, rule: Rule): Plan | undefined {
  const before = plan.ruleset.rules[position];
  if (before === undefined || before.ref !== rule.ref || before.index !== rule.index) return undefined;
  const changes = { ip: changeInFamily(plan, 'ip', before, rule), ip6: changeInFamily(plan, 'ip6', before, rule) };
  if (changes.ip === undefined || changes.ip6 === undefined) return undefined;
  const index = takeIndex(plan);
  const ip = changes.ip(index.maps.ip);
  const ip6 = changes.ip6(index.maps.ip6);
  if (ip === undefined || ip6 === undefined) return undefined;
  const rules = plan.ruleset.rules.with(position, rule);
  const version = changedVersion(index.version, rules, position, versionedOptions(plan.options));
  const backends = {
    ip: changedBackends(plan.backends.ip, rules, ip.backends),
    ip6: changedBackends(plan.backends.ip6, rules, ip6.backends),
  };
  const tables = {
    ip: withUnreached(plan, rules, backends, position, withVersion(plan, ip.table, version.text)),
    ip6: withVersion(plan, ip6.table, version.text),
  };
  const changed: Plan = {
    ...plan,
    version: version.text,
    ruleset: { ...plan.ruleset, rules },
    change: { from: plan.ruleset.rules, position },
    tables,
    programs: changedPrograms(plan, tables, ip.programs, ip6.programs),
    backends,
    stages: { ip: ip.stages, ip6: ip6.stages },
    classifiers: { ip: ip.classifier, ip6: ip6.classifier },
  };
  keepIndex(changed, { ...index, version });
  return changed;
}

function changedBackends(before: readonly Backend[], rules: readonly Rule[], turned: Backends): readonly Backend[] {
  if (turned.size === 0) return before;
  const changed = [...before];
  for (const [rule, backend] of turned) changed[positionOf(rules, rule)] = backend;
  return changed;
}

/** The last chain of each table says whose policy of which version it is. */
function withVersion({ account }: Plan, table: NftTable, version: string): NftTable {
  const at = table.chains.findLastIndex(({ name }) => name === POLICY_CHAIN);
  return { ...table, chains: table.chains.with(at, policyChain(printPolicyComment({ account, version }))) };
}

/** Rules that no packet reaches stand in the IPv4 table. Which those are may change with the keys of a map. */
function withUnreached(
  { backends: before, keys }: Plan,
  rules: readonly Rule[],
  backends: Plan['backends'],
  position: number,
  table: NftTable,
): NftTable {
  const isSame = backends.ip === before.ip && backends.ip6 === before.ip6;
  if (isSame && (backends.ip[position] !== 'none' || backends.ip6[position] !== 'none')) return table;
  const unreached = unreachedRules(rulesNowhere(rules, backends), keys);
  const others = table.chains.filter(({ name }) => name !== UNREACHED_CHAIN);
  return { ...table, chains: unreached === undefined ? others : others.toSpliced(-1, 0, unreached) };
}

function changedPrograms(
  { programs }: Plan,
  tables: Plan['tables'],
  ...changed: readonly (ReadonlyMap<string, Program> | undefined)[]
): Plan['programs'] {
  const candidates = changed.flatMap(each => [...(each ?? [])]);
  if (changed.every(each => each === undefined)) return programs;
  const called = new Set([...calledPrograms(tables.ip), ...calledPrograms(tables.ip6)]);
  return new Map([...programs, ...candidates].filter(([name]) => called.has(name)));
}

function calledPrograms({ chains }: NftTable): string[] {
  const matches = chains.flatMap(({ rules }) => rules).flatMap(rule => rule.matches);
  return matches.flatMap(match => (match.kind === 'program' ? [match.program] : []));
}
