// Formula → diagram: the packets of the model that the formula holds of. Exact for interval tests; a scan is a variable of
// its own, which says no more than that its segment is there.

import { unreachable } from '../diagnostic/invariant';
import type { Dfa } from '../ir/automaton/dfa';
import type { Formula, Load, Scan, Scanned, Test } from '../ir/formula';
import { IFNAMSIZ } from '../net/interface-name';
import { type Edge, ONE, SPENT, ZERO } from './bdd';
import { type Bits, constant, sum, widened, within } from './binary';
import { bytesOf, factOf, l4protoOf, type PacketModel, type Reading, variableOf } from './model';
import { readingFromEnd, readingsFromStart, segmentHas, segmentLengthWithin } from './segment';
import { noInterfaceName } from './witness';

/** What an opaque variable says: the automaton accepts the segment. */
export interface OpaqueScan {
  readonly segment: Scanned;
  readonly automaton: Dfa;
}

export interface Encoding {
  readonly model: PacketModel;
  /** By the index of their variable. */
  readonly scans: OpaqueScan[];
  /** Diagrams of tests and scans by what they say, for policies repeat themselves. */
  readonly known: Map<string, Edge>;
  /** What is in the model and was found to be no packet; it grows as questions are asked. */
  impossible: Edge;
}

export function encodingFor(model: PacketModel): Encoding {
  return { model, scans: [], known: new Map(), impossible: ZERO };
}

export function encode(formula: Formula, encoding: Encoding): Edge {
  const d = encoding.model.diagrams;
  switch (formula.kind) {
    case 'constant':
      return formula.value ? ONE : ZERO;
    case 'test':
      if (formula.load.kind === 'in_iface') excludeNoNames(encoding);
      return remembered(encoding, testKey(formula), () => encodeTest(formula, encoding.model));
    case 'scan':
      return remembered(encoding, scanKey(formula), () => encodeScan(formula, encoding));
    case 'not':
      return d.not(encode(formula.operand, encoding));
    case 'and':
      return d.every(formula.operands.map(operand => encode(operand, encoding)));
    case 'or':
      return d.some(formula.operands.map(operand => encode(operand, encoding)));
    case 'xor':
      return formula.operands.reduce((parity, operand) => d.xor(parity, encode(operand, encoding)), ZERO);
    default:
      return unreachable(formula);
  }
}

function encodeTest({ load, mask, values }: Test, model: PacketModel): Edge {
  const d = model.diagrams;
  switch (load.kind) {
    case 'l4proto':
      return d.and(model.l4protoFound, within(d, l4protoOf(model), values, mask));
    case 'in_iface':
      return d.and(factOf(model, 'in_iface_found'), within(d, bytesOf(model, 'in_iface', 0, IFNAMSIZ), values, mask));
    case 'length':
      return segmentLengthWithin(model, load.segment, values, mask);
    case 'bytes': {
      const readings = readingsOf(model, load);
      return d.some(readings.map(({ present, bits }) => d.and(present, within(d, bits, values, mask))));
    }
    default:
      return unreachable(load);
  }
}

function readingsOf(model: PacketModel, load: Extract<Load, { kind: 'bytes' }>): readonly Reading[] {
  const { segment, from, offset, length, plus } = load;
  const readings =
    from === 'start'
      ? readingsFromStart(model, segment, offset, length)
      : [readingFromEnd(model, segment, offset, length)];
  if (plus === undefined) return readings;
  return readings.map(({ present, bits }) => ({ present, bits: moved(model, bits, plus) }));
}

/** One bit more, for what the addition carries. */
function moved({ diagrams }: PacketModel, bits: Bits, plus: bigint): Bits {
  const width = bits.length + 1;
  return sum(diagrams, widened(bits, width), constant(plus, width));
}

/** Only where a rule asks for a name: the diagrams of all others stay without it. */
function excludeNoNames(encoding: Encoding): void {
  const noName = remembered(encoding, 'no interface name', () => noInterfaceName(encoding.model));
  const all = encoding.model.diagrams.or(encoding.impossible, noName);
  if (all !== SPENT) encoding.impossible = all;
}

function encodeScan({ segment, automaton }: Scan, { model, scans }: Encoding): Edge {
  const index = scans.push({ segment, automaton }) - 1;
  const found = segment === 'in_iface' ? factOf(model, 'in_iface_found') : segmentHas(model, segment, 0);
  return model.diagrams.and(variableOf(model, { kind: 'opaque', index }), found);
}

function remembered({ known }: Encoding, key: string, make: () => Edge): Edge {
  const found = known.get(key) ?? make();
  if (found !== SPENT) known.set(key, found);
  return found;
}

function testKey({ load, mask, values }: Test): string {
  return `${Object.values(load).join(' ')} & ${mask} in ${values.map(({ from, to }) => `${from}..${to}`).join(' ')}`;
}

/** Automata are made the same way from the same pattern. */
function scanKey({ segment, automaton }: Scan): string {
  return `${segment} ${automaton.classes} ${automaton.next} ${automaton.matchesAtEnd}`;
}
