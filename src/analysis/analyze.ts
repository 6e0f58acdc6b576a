// What can be said of the rules of a policy without a packet: those that never match, always match, come too late or are in
// conflict with an earlier one. Everything said is proved, by an empty diagram or by a packet; the rest is "unknown".

import type { FormulaByFamily } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import { FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import { Diagrams, ZERO } from './bdd';
import { encode, encodingFor } from './encode';
import { analyzeFamily, type FamilyFinding } from './family-analysis';
import type { Finding, RuleAnalysis } from './finding';
import { ipv4Model } from './ipv4';
import { ipv6Model } from './ipv6';
import { type Answer, WHY_UNKNOWN } from './search';
import { witnessText } from './witness';

/** Steps of the diagrams in each family, some seconds; one rule gets a tenth of what is left. */
export const DEFAULT_BUDGET = 20_000_000;

type ByFamily<T> = Readonly<Record<PacketFamily, T>>;
export function analyze(rules: readonly Rule[], budget = DEFAULT_BUDGET): RuleAnalysis[] {
  const ip = analyzeFamily(rules, 'ip', budget);
  const ip6 = analyzeFamily(rules, 'ip6', budget);
  return rules.map((rule, position) => {
    const found = { ip: ip[position] as FamilyFinding, ip6: ip6[position] as FamilyFinding };
    const { index, ref, action, enabled } = rule;
    const reached = [found.ip.reached, found.ip6.reached];
    const more_conflicts = found.ip.moreConflicts || found.ip6.moreConflicts;
    return { index, ref, action, enabled, ...shown(reached), findings: findingsOf(found), more_conflicts };
  });
}

/** Which packets a formula holds of, as far as the diagrams alone can tell. */
export function extentOf(formula: FormulaByFamily, budget: number): 'no' | 'all' | 'some' {
  const parts = FAMILIES.map(family => {
    const diagrams = new Diagrams();
    const encoding = encodingFor(family === 'ip' ? ipv4Model(diagrams) : ipv6Model(diagrams));
    diagrams.allow(budget);
    const { world } = encoding.model;
    const edge = encode(formula[family], encoding);
    return { none: diagrams.and(world, edge) === ZERO, all: diagrams.minus(world, edge) === ZERO };
  });
  if (parts.every(({ none }) => none)) return 'no';
  return parts.every(({ all }) => all) ? 'all' : 'some';
}

function findingsOf(found: ByFamily<FamilyFinding>): Finding[] {
  return [...extent(found), ...shadows(found), ...conflicts(found)];
}

function extent({ ip, ip6 }: ByFamily<FamilyFinding>): Finding[] {
  const matching = [ip.matches.kind, ip6.matches.kind];
  const missing = [ip.misses.kind, ip6.misses.kind];
  const findings: Finding[] = [];
  if (matching.every(kind => kind === 'none')) {
    findings.push({ ...PLAIN, kind: 'never_matches', reason: 'no packet can match' });
  } else if (!matching.includes('packet')) {
    findings.push(unknown('whether any packet matches', openFamily(ip.matches, ip6.matches), ip.matches, ip6.matches));
  }
  if (missing.every(kind => kind === 'none')) {
    findings.push({ ...PLAIN, kind: 'always_matches', reason: 'every packet matches' });
  } else if (!missing.includes('packet')) {
    findings.push(unknown('whether every packet matches', openFamily(ip.misses, ip6.misses), ip.misses, ip6.misses));
  }
  return findings;
}

const PLAIN = { family: 'both', by: [], witness: null, in_iface: null } as const;

function shadows(found: ByFamily<FamilyFinding>): Finding[] {
  const shadowed = FAMILIES.flatMap(family => {
    const shadow = found[family].shadow;
    return shadow === undefined ? [] : [{ family, ...shadow }];
  });
  const open = FAMILIES.filter(
    family => found[family].reached.kind === 'unknown' && found[family].matches.kind === 'packet',
  );
  const unknowns = open.map(family =>
    unknown('whether earlier rules take all of its packets', family, found[family].reached),
  );
  if (shadowed.length === 0) return unknowns;
  const families = shadowed.map(({ family }) => family);
  const by = distinct(shadowed.flatMap(shadow => shadow.by));
  const taken = shadowed.slice(0, 1).map(shadow => shadow.taken);
  const reason = shadowReason(found, families, by.length);
  return [
    { kind: 'shadowed', family: familyOf(families), by: by.map(({ ref }) => ref), ...shown(taken), reason },
    ...unknowns,
  ];
}

function shadowReason(found: ByFamily<FamilyFinding>, shadowed: readonly PacketFamily[], rules: number): string {
  const takers = rules === 1 ? 'an earlier rule decides' : 'earlier rules together decide';
  const rest = FAMILIES.filter(family => !shadowed.includes(family));
  const alive = rest.filter(family => found[family].matches.kind !== 'none').map(nameOf);
  const dead = rest.filter(family => found[family].matches.kind === 'none').map(nameOf);
  const where = shadowed.length === 2 ? 'every packet' : `every ${nameOf(shadowed[0] as PacketFamily)} packet`;
  const tail = [
    ...alive.map(name => `; ${name} packets may still reach it`),
    ...dead.map(name => `; no ${name} packet can match`),
  ];
  return `${takers} ${where} that it matches${tail.join('')}`;
}

function conflicts(found: ByFamily<FamilyFinding>): Finding[] {
  const others = distinct(FAMILIES.flatMap(family => found[family].conflicts.map(({ rule }) => rule)));
  const findings = others.map(other => {
    const shared = FAMILIES.flatMap(family =>
      found[family].conflicts
        .filter(({ rule }) => rule === other)
        .map(conflict => ({ family, answer: conflict.shared })),
    );
    const proved = shared.filter(({ answer }) => answer.kind === 'packet');
    if (proved.length === 0) {
      const [first] = shared;
      const where = familyOf(shared.map(({ family }) => family));
      return { ...unknown('whether they share packets', where, ...(first ? [first.answer] : [])), by: [other.ref] };
    }
    return {
      kind: 'conflict',
      family: familyOf(proved.map(({ family }) => family)),
      by: [other.ref],
      ...shown(proved.map(({ answer }) => answer)),
      reason: `the earlier rule decides packets of this one by its own action, ${other.action}`,
    } as const;
  });
  return findings;
}

function unknown(question: string, family: Finding['family'], ...answers: readonly Answer[]): Finding {
  const reasons = answers.flatMap(answer => (answer.kind === 'unknown' ? [answer.reason] : []));
  const why = reasons.includes('budget') ? WHY_UNKNOWN.budget : WHY_UNKNOWN.opaque;
  return { ...PLAIN, kind: 'unknown', family, reason: `${question} (${why})` };
}

function openFamily(ip: Answer, ip6: Answer): Finding['family'] {
  return familyOf([
    ...(ip.kind === 'unknown' ? ['ip' as const] : []),
    ...(ip6.kind === 'unknown' ? ['ip6' as const] : []),
  ]);
}

function familyOf(families: readonly PacketFamily[]): Finding['family'] {
  return families.length === 1 ? (families[0] as PacketFamily) : 'both';
}

function nameOf(family: PacketFamily): string {
  return family === 'ip' ? 'IPv4' : 'IPv6';
}

/** The first packet that was found. */
function shown(answers: readonly Answer[]): Pick<Finding, 'witness' | 'in_iface'> {
  const found = answers.find(answer => answer.kind === 'packet');
  return found === undefined ? { witness: null, in_iface: null } : witnessText(found.packet);
}

function distinct(rules: readonly Rule[]): Rule[] {
  return [...new Set(rules)].sort((a, b) => a.index - b.index);
}
