// The rules of a policy, in order, on packets of one family: which packets each one matches, which of them reach it, and who
// decides the others. Rules that decide nothing (disabled ones, and `log`) are looked at and take no packets from others.

import { evaluate, holds } from '../ir/evaluate';
import { decides, type Rule } from '../ir/ruleset';
import { dissect, type PacketFamily } from '../packet/packet';
import { Diagrams, type Edge, SPENT, ZERO } from './bdd';
import { type Encoding, encode, encodingFor } from './encode';
import { areDisjoint, type Hull, hullOf } from './hull';
import { ipv4Model } from './ipv4';
import { ipv6Model } from './ipv6';
import { type Answer, search } from './search';
import { USUAL_FRAMES } from './usual-packet';
import type { Witness } from './witness';

/** What was found of one rule. */
export interface FamilyFinding {
  /** A packet that it matches. */
  readonly matches: Answer;
  /** A packet that it matches and that no earlier rule decides. */
  readonly reached: Answer;
  /** A packet that it does not match. */
  readonly misses: Answer;
  readonly shadow: Shadow | undefined;
  readonly conflicts: readonly Conflict[];
  /** There are more rules that it might be in conflict with. */
  readonly moreConflicts: boolean;
}

/** It matches packets, and none reaches it. */
export interface Shadow {
  /** The earlier rules that take its packets. */
  readonly by: readonly Rule[];
  /** A packet that the first of them takes. */
  readonly taken: Answer;
}

export interface Conflict {
  readonly rule: Rule;
  /** It takes some of the rule's packets, or the question is open. */
  readonly shared: Exclude<Answer, { readonly kind: 'none' }>;
}

/** Conflicts of a rule that are looked for; a last rule for everything may have them with all others. */
const MOST_CONFLICTS = 8;
/** Where every earlier rule takes something, so many are tried to be left out. */
const MOST_MINIMISED = 32;

interface Examined {
  readonly rule: Rule;
  readonly hull: Hull;
  readonly packets: Edge;
  /** Of these, what no earlier rule decides. */
  readonly left: Edge;
}

export function analyzeFamily(rules: readonly Rule[], family: PacketFamily, budget: number): FamilyFinding[] {
  const diagrams = new Diagrams();
  const encoding = encodingFor(family === 'ip' ? ipv4Model(diagrams) : ipv6Model(diagrams));
  const deciding: Examined[] = [];
  return rules.map(rule => {
    // No rule can use up what the others need.
    diagrams.allow(Math.ceil(Math.max(0, budget - diagrams.steps) / 10));
    const hull = hullOf(rule.formula[family], family);
    const earlier = deciding.filter(other => !areDisjoint(hull, other.hull));
    const packets = diagrams.and(encode(rule.formula[family], encoding), encoding.model.world);
    const left = earlier.reduce((rest, other) => diagrams.minusKnown(rest, other.packets), packets);
    const examined = { rule, hull, packets, left };
    if (decides(rule)) deciding.push(examined);
    return examine(encoding, examined, earlier);
  });
}

function examine(encoding: Encoding, examined: Examined, earlier: readonly Examined[]): FamilyFinding {
  const { rule, packets, left } = examined;
  const before = earlier.map(other => other.rule);
  const reached = search(encoding, left, packet => isMatched(rule, packet) && decider(before, packet) === undefined);
  const matches = reached.kind === 'packet' ? reached : search(encoding, packets, packet => isMatched(rule, packet));
  const isShadowed = reached.kind === 'none' && matches.kind === 'packet';
  const conflicts = decidesOtherwise(rule) && !isShadowed ? conflictsOf(encoding, examined, earlier) : NO_CONFLICTS;
  return {
    matches,
    reached,
    misses: missed(encoding, examined),
    shadow: isShadowed ? shadowOf(encoding, examined, earlier) : undefined,
    ...conflicts,
  };
}

function decidesOtherwise({ action }: Rule): boolean {
  return action !== 'log';
}

function isMatched(rule: Rule, { frame, inIface }: Witness): boolean {
  const packet = dissect(frame, inIface);
  return packet !== undefined && holds(rule.formula[packet.family], packet);
}

function decider(rules: readonly Rule[], { frame, inIface }: Witness): Rule | undefined {
  return evaluate({ account: '', rules }, frame, inIface).rule;
}

/** Mostly an ordinary packet does. */
function missed(encoding: Encoding, { rule, packets }: Examined): Answer {
  const { diagrams, family, world } = encoding.model;
  const isMissed = (packet: Witness) => !isMatched(rule, packet);
  const usual = USUAL_FRAMES[family].map(frame => ({ frame, inIface: undefined })).find(isMissed);
  if (usual !== undefined) return { kind: 'packet', packet: usual };
  return search(encoding, diagrams.minus(world, packets), isMissed);
}

function shadowOf(encoding: Encoding, { rule, packets }: Examined, earlier: readonly Examined[]): Shadow {
  const takers = responsible(encoding, packets, earlier);
  const [first] = takers;
  const before = earlier.map(other => other.rule);
  const isTaken = (packet: Witness) => isMatched(rule, packet) && decider(before, packet) === first?.rule;
  const taken = first === undefined ? packets : encoding.model.diagrams.and(packets, reaching(first));
  return { by: takers.map(other => other.rule), taken: search(encoding, taken, isTaken) };
}

/** One rule that takes all packets if there is one, else as few as it takes one after the other. */
function responsible(encoding: Encoding, matched: Edge, earlier: readonly Examined[]): readonly Examined[] {
  const d = encoding.model.diagrams;
  const packets = d.minus(matched, encoding.impossible);
  const taking = earlier.filter(other => d.and(packets, reaching(other)) !== ZERO);
  const single = taking.find(other => d.minusKnown(packets, other.packets) === ZERO);
  if (single !== undefined) return [single];
  if (taking.length > MOST_MINIMISED) return taking;
  return taking.reduceRight((kept, candidate) => {
    const without = kept.filter(other => other !== candidate);
    return without.reduce((rest, other) => d.minusKnown(rest, other.packets), packets) === ZERO ? without : kept;
  }, taking);
}

/** What is known to reach a rule, or all that might. */
function reaching({ packets, left }: Examined): Edge {
  return left === SPENT ? packets : left;
}

interface Conflicts {
  readonly conflicts: readonly Conflict[];
  readonly moreConflicts: boolean;
}

const NO_CONFLICTS: Conflicts = { conflicts: [], moreConflicts: false };

/** Packets that reach the earlier rule, which decides them, although this one would have it the other way. */
function conflictsOf(encoding: Encoding, { rule, packets }: Examined, earlier: readonly Examined[]): Conflicts {
  const d = encoding.model.diagrams;
  const others = earlier.filter(other => other.rule.action !== rule.action);
  const conflicts: Conflict[] = [];
  for (const other of others) {
    const shared = d.and(packets, reaching(other));
    if (shared === ZERO) continue;
    if (conflicts.length === MOST_CONFLICTS) return { conflicts, moreConflicts: true };
    const before = earlier.slice(0, earlier.indexOf(other) + 1).map(each => each.rule);
    const isShared = (packet: Witness) => isMatched(rule, packet) && decider(before, packet) === other.rule;
    const answer = search(encoding, shared, isShared);
    if (answer.kind !== 'none') conflicts.push({ rule: other.rule, shared: answer });
  }
  return { conflicts, moreConflicts: false };
}
