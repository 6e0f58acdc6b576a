// What a formula and a ruleset mean: the evaluator that trace, what-if and every differential test go by. It reads the
// packet through its segments and knows nothing of nftables or eBPF.

import { unreachable } from '../diagnostic/invariant';
import { bigEndian } from '../net/big-endian';
import { paddedName } from '../net/interface-name';
import { contains } from '../net/interval-set';
import { bounds, dissect, type Packet } from '../packet/packet';
import { accepts } from './automaton/dfa';
import type { Formula, Load, Scan, Test } from './formula';
import { decides, type Rule, type Ruleset } from './ruleset';

export interface Judgement {
  readonly verdict: 'drop' | 'pass';
  /** The rule whose block or skip ended the phase; undefined where the packet fell through. */
  readonly rule: Rule | undefined;
  /** Every rule that matched on the way, disabled and logging ones included, in order. */
  readonly matched: readonly Rule[];
}

/**
 * First match wins; `log` and disabled rules match without ending anything; what no rule decides passes. `inIface` is the
 * interface that the packet came in by, where that is known.
 */
export function evaluate(ruleset: Ruleset, frame: Uint8Array, inIface?: Uint8Array): Judgement {
  const packet = dissect(frame, inIface);
  const matched: Rule[] = [];
  for (const rule of packet === undefined ? [] : ruleset.rules) {
    if (!holds(rule.formula[(packet as Packet).family], packet as Packet)) continue;
    matched.push(rule);
    if (decides(rule)) {
      return { verdict: rule.action === 'block' ? 'drop' : 'pass', rule, matched };
    }
  }
  return { verdict: 'pass', rule: undefined, matched };
}

export function holds(formula: Formula, packet: Packet): boolean {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'test':
      return testHolds(formula, packet);
    case 'scan':
      return isAccepted(formula, packet);
    case 'not':
      return !holds(formula.operand, packet);
    case 'and':
      return formula.operands.every(operand => holds(operand, packet));
    case 'or':
      return formula.operands.some(operand => holds(operand, packet));
    case 'xor':
      return formula.operands.filter(operand => holds(operand, packet)).length % 2 === 1;
    default:
      return unreachable(formula);
  }
}

function testHolds({ load, mask, values }: Test, packet: Packet): boolean {
  const number = read(load, packet);
  if (number === undefined) return false;
  return contains(values, mask === undefined ? number : number & mask);
}

/** undefined when the packet does not have the bytes. */
export function read(load: Load, packet: Packet): bigint | undefined {
  if (load.kind === 'l4proto') return packet.l4proto === undefined ? undefined : BigInt(packet.l4proto);
  if (load.kind === 'in_iface') return packet.inIface && paddedName(packet.inIface);
  const segment = bounds(packet, load.segment);
  if (segment === undefined) return undefined;
  if (load.kind === 'length') return BigInt(segment.end - segment.start);
  const start = load.from === 'start' ? segment.start + load.offset : segment.end - load.offset;
  if (start < segment.start || start + load.length > segment.end) return undefined;
  return bigEndian(packet.bytes.subarray(start, start + load.length)) + (load.plus ?? 0n);
}

function isAccepted({ segment, automaton }: Scan, packet: Packet): boolean {
  if (segment === 'in_iface') return packet.inIface !== undefined && accepts(automaton, packet.inIface);
  const where = bounds(packet, segment);
  return where !== undefined && accepts(automaton, packet.bytes.subarray(where.start, where.end));
}
