// Packets of one family whose verdict two policies say differently. Rules that both have, in the same order, are kept. A
// packet that matches none of the others meets the same first rule in both, so only what the others decide is looked at.

import { evaluate } from '../ir/evaluate';
import { formulaText } from '../ir/formula-text';
import { decides, type Rule } from '../ir/ruleset';
import { longestIncreasing } from '../longest-increasing';
import type { PacketFamily } from '../packet/packet';
import { Diagrams, type Edge, SPENT, ZERO } from './bdd';
import { type Encoding, encode, encodingFor } from './encode';
import { areDisjoint, type Hull, hullOf } from './hull';
import { ipv4Model } from './ipv4';
import { ipv6Model } from './ipv6';
import { type Answer, search } from './search';
import type { Witness } from './witness';

/** The rule that decides; undefined where none does, and the packet passes. */
export type Decider = Rule | undefined;

export interface FamilyChange {
  readonly before: Decider;
  readonly after: Decider;
  readonly answer: Exclude<Answer, { readonly kind: 'none' }>;
}

export interface FamilyChanges {
  readonly found: readonly FamilyChange[];
  /** Changed rules with more changes than were looked for. */
  readonly more: readonly Rule[];
}

/** Of one changed rule; one for everything may have them with all others. */
const MOST_CHANGES = 8;
/** With less, a changed rule is not begun. */
const LEAST_STEPS = 1_000;

interface Policy {
  readonly rules: readonly Rule[];
  /** Those that end the phase, in order. */
  readonly deciding: readonly Deciding[];
}

interface Deciding {
  readonly rule: Rule;
  readonly hull: Hull;
  /** Both policies have it, in the same order. */
  kept: boolean;
  /** Once it was asked for. */
  packets?: Edge;
}

/** The changed rules of `own` are asked about; `way` puts what is found in the order of the policies. */
interface Comparison {
  readonly encoding: Encoding;
  readonly own: Policy;
  readonly other: Policy;
  readonly way: 'before_after' | 'after_before';
}

export function familyVerdictChanges(
  rulesBefore: readonly Rule[],
  rulesAfter: readonly Rule[],
  family: PacketFamily,
  budget: number,
): FamilyChanges {
  const diagrams = new Diagrams();
  const encoding = encodingFor(family === 'ip' ? ipv4Model(diagrams) : ipv6Model(diagrams));
  const before = policyOf(rulesBefore, family);
  const after = policyOf(rulesAfter, family);
  markKept(before.deciding, after.deciding, family);
  const forth = changesOf({ encoding, own: before, other: after, way: 'before_after' }, budget);
  const back = changesOf({ encoding, own: after, other: before, way: 'after_before' }, budget);
  return { found: [...forth.found, ...back.found], more: [...forth.more, ...back.more] };
}

function policyOf(rules: readonly Rule[], family: PacketFamily): Policy {
  const deciding = rules
    .filter(decides)
    .map(rule => ({ rule, hull: hullOf(rule.formula[family], family), kept: false }));
  return { rules, deciding };
}

/** A longest common subsequence of what the rules say; their refs do not count. */
function markKept(before: readonly Deciding[], after: readonly Deciding[], family: PacketFamily): void {
  const said = ({ rule }: Deciding) => `${rule.action} ${formulaText(rule.formula[family])}`;
  const places = new Map<string, number[]>();
  for (const [place, each] of before.entries()) {
    const same = places.get(said(each));
    if (same === undefined) places.set(said(each), [place]);
    else same.push(place);
  }
  const both = after.flatMap(each => {
    const place = places.get(said(each))?.shift();
    return place === undefined ? [] : [{ each, place }];
  });
  for (const position of longestIncreasing(both.map(({ place }) => place))) {
    const { each, place } = both[position] as (typeof both)[number];
    each.kept = true;
    (before[place] as Deciding).kept = true;
  }
}

function changesOf(comparison: Comparison, budget: number): FamilyChanges {
  const { diagrams } = comparison.encoding.model;
  const found: FamilyChange[] = [];
  const more: Rule[] = [];
  for (const changed of comparison.own.deciding.filter(({ kept }) => !kept)) {
    // No rule can use up what the others need.
    const allowance = Math.ceil(Math.max(0, budget - diagrams.steps) / 10);
    diagrams.allow(allowance);
    const changes = allowance < LEAST_STEPS ? undefined : changesOfRule(comparison, changed);
    found.push(...(changes?.slice(0, MOST_CHANGES) ?? []));
    if (changes === undefined || changes.length > MOST_CHANGES) more.push(changed.rule);
  }
  return { found, more };
}

/** What it decides in its own policy, by what decides it in the other one; at most one more than is wanted. */
function changesOfRule(comparison: Comparison, changed: Deciding): FamilyChange[] {
  const { encoding, own, other, way } = comparison;
  const { diagrams } = encoding.model;
  const changes: FamilyChange[] = [];
  let rest = decidedBy(encoding, own, changed);
  const ask = (packets: Edge, decider: Decider) => {
    if (packets === ZERO || isBlock(decider) === isBlock(changed.rule)) return;
    const answer = search(encoding, packets, decidedByBoth(comparison, changed.rule, decider));
    if (answer.kind === 'none') return;
    const [before, after] = way === 'before_after' ? [changed.rule, decider] : [decider, changed.rule];
    changes.push({ before, after, answer });
  };
  for (const decider of other.deciding) {
    if (rest === ZERO || changes.length > MOST_CHANGES) return changes;
    if (areDisjoint(changed.hull, decider.hull)) continue;
    const packets = packetsOf(encoding, decider);
    // Pairs of two changed rules are asked about on the way from before to after.
    if (decider.kept || way === 'before_after') ask(diagrams.and(rest, packets), decider.rule);
    rest = diagrams.minusKnown(rest, packets);
  }
  ask(rest, undefined);
  return changes;
}

function isBlock(decider: Decider): boolean {
  return decider?.action === 'block';
}

function decidedByBoth({ own, other }: Comparison, ownRule: Decider, otherRule: Decider) {
  const isDecidedBy = ({ rules }: Policy, rule: Decider, { frame, inIface }: Witness) =>
    evaluate({ account: '', rules }, frame, inIface).rule === rule;
  return (packet: Witness) => isDecidedBy(own, ownRule, packet) && isDecidedBy(other, otherRule, packet);
}

function decidedBy(encoding: Encoding, { deciding }: Policy, decider: Deciding): Edge {
  const earlier = deciding.slice(0, deciding.indexOf(decider)).filter(each => !areDisjoint(each.hull, decider.hull));
  return earlier.reduce(
    (rest, each) => encoding.model.diagrams.minusKnown(rest, packetsOf(encoding, each)),
    packetsOf(encoding, decider),
  );
}

function packetsOf(encoding: Encoding, decider: Deciding): Edge {
  const { diagrams, world, family } = encoding.model;
  if (decider.packets !== undefined) return decider.packets;
  const packets = diagrams.and(encode(decider.rule.formula[family], encoding), world);
  // The next rule may have steps left for it.
  if (packets !== SPENT) decider.packets = packets;
  return packets;
}
