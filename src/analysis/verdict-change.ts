// Which packets another policy would judge otherwise: for every pair of a rule that decides them now and one that would,
// a packet. What is listed is shown by its packet; that nothing else changes is said only where it is proved.

import type { Rule } from '../ir/ruleset';
import { FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import { type Decider, type FamilyChange, familyVerdictChanges } from './family-verdict-change';
import { WHY_UNKNOWN } from './search';
import { witnessText } from './witness';

/** Steps of the diagrams in each family, some seconds. */
export const DEFAULT_CHANGE_BUDGET = 20_000_000;

export interface Decision {
  /** null: no rule decides. */
  readonly ref: string | null;
  readonly verdict: 'drop' | 'pass';
}

export interface VerdictChange {
  readonly family: PacketFamily;
  readonly before: Decision;
  readonly after: Decision;
  /** A packet that the one drops and the other passes, in hex from its network header on. */
  readonly witness: string;
  /** The interface that it comes in by; null where no rule asks for one. */
  readonly in_iface: string | null;
}

/** There may be such packets: neither one nor a proof was found. */
export interface OpenChange extends Pick<VerdictChange, 'family' | 'before' | 'after'> {
  readonly reason: string;
}

export interface VerdictChanges {
  readonly changes: readonly VerdictChange[];
  readonly open: readonly OpenChange[];
  /** Refs of changed rules that have more such pairs than are listed, or were not looked at for want of budget. */
  readonly more: readonly string[];
  /** Proved: no other packet changes its verdict. */
  readonly complete: boolean;
}

/** Both compiled without rewrites, so that equal scans are recognised. */
export function verdictChanges(
  before: readonly Rule[],
  after: readonly Rule[],
  budget = DEFAULT_CHANGE_BUDGET,
): VerdictChanges {
  const found = FAMILIES.map(family => ({ family, ...familyVerdictChanges(before, after, family, budget) }));
  const changes = found.flatMap(each => each.found.flatMap(change => shownChange(each.family, change)));
  const open = found.flatMap(each => each.found.flatMap(change => openChange(each.family, change)));
  const more = [...new Set(found.flatMap(each => each.more.map(({ ref }) => ref)))];
  return { changes, open, more, complete: open.length + more.length === 0 };
}

function shownChange(family: PacketFamily, { before, after, answer }: FamilyChange): VerdictChange[] {
  if (answer.kind !== 'packet') return [];
  return [{ family, before: decisionOf(before), after: decisionOf(after), ...witnessText(answer.packet) }];
}

function openChange(family: PacketFamily, { before, after, answer }: FamilyChange): OpenChange[] {
  if (answer.kind !== 'unknown') return [];
  return [{ family, before: decisionOf(before), after: decisionOf(after), reason: WHY_UNKNOWN[answer.reason] }];
}

function decisionOf(rule: Decider): Decision {
  return { ref: rule?.ref ?? null, verdict: rule?.action === 'block' ? 'drop' : 'pass' };
}
