// Is there a packet in a diagram? "No" is proved by the diagram's being empty, "yes" by a packet that the evaluator
// confirms. Where a drafted packet turns out impossible the reason is a fact about all packets, and the diagram loses
// everything that contradicts it; where no reason is found the question stays open.

import { bounds, dissect, type Segment } from '../packet/packet';
import { type Assignment, choose } from './assignment';
import { type Edge, ONE, SPENT, ZERO } from './bdd';
import { within } from './binary';
import { type Clash, type DraftPacket, draftPacket } from './draft-packet';
import type { Encoding } from './encode';
import { bytesOf, lengthOf, type PacketModel, variableOf } from './model';
import { type AskedScan, shortestText, writeText } from './scan-text';
import { packetsWithText, toldText } from './told-text';
import { USUAL_PACKETS, type UsualPacket, usualValues } from './usual-packet';
import { variableAt } from './variable';
import { interfaceOf, type Witness } from './witness';

export type Answer =
  | { readonly kind: 'none' }
  | { readonly kind: 'packet'; readonly packet: Witness }
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

export type UnknownReason = 'budget' | 'opaque';

/** For people. */
export const WHY_UNKNOWN: Readonly<Record<UnknownReason, string>> = {
  budget: 'the budget of steps is used up',
  opaque: 'tests of payloads or of extension headers block the proof',
};

const NONE: Answer = { kind: 'none' };
/** A contradiction takes away one way to be impossible; there may be one for each length of a payload. */
const MOST_CONTRADICTIONS = 64;

/** `f` lies within the world. `confirms` judges the packet as the evaluator sees it. */
export function search(encoding: Encoding, f: Edge, confirms: (packet: Witness) => boolean): Answer {
  const { model } = encoding;
  let left = model.diagrams.minus(f, encoding.impossible);
  let contradictions = 0;
  const waiting: UsualPacket[] = [...USUAL_PACKETS];
  const known = new Set(waiting.map(({ transportLength }) => transportLength));
  for (const usual of waiting) {
    const values = usualValues(model.family, usual);
    for (;;) {
      if (left === SPENT) return { kind: 'unknown', reason: 'budget' };
      if (left === ZERO) return NONE;
      const assignment = choose(model.diagrams, left, model.family, values);
      const drafted = draft(encoding, assignment);
      if (drafted.kind === 'packet' && confirms(drafted.packet)) return drafted;
      if (drafted.kind === 'failed') waiting.push(...ofLength(drafted.packetLength, usual, model, known));
      if (drafted.kind !== 'contradiction' || ++contradictions > MOST_CONTRADICTIONS) break;
      rememberImpossible(encoding, drafted.impossible);
      left = model.diagrams.minus(left, drafted.impossible);
    }
  }
  return { kind: 'unknown', reason: 'opaque' };
}

/** Each length is tried once. */
function ofLength(packetLength: number | undefined, usual: UsualPacket, { family }: PacketModel, known: Set<number>) {
  const transportLength = (packetLength ?? 0) - (family === 'ip' ? 20 : 40);
  if (transportLength < 0 || known.has(transportLength)) return [];
  known.add(transportLength);
  return [{ ...usual, transportLength }];
}

/** The next question need not find it out again. */
function rememberImpossible(encoding: Encoding, impossible: Edge): void {
  const all = encoding.model.diagrams.or(encoding.impossible, impossible);
  if (all !== SPENT) encoding.impossible = all;
}

type Drafted =
  | { readonly kind: 'packet'; readonly packet: Witness }
  /** Of what is impossible there is no packet. */
  | { readonly kind: 'contradiction'; readonly impossible: Edge }
  /** Another length might do, or none. */
  | { readonly kind: 'failed'; readonly packetLength: number | undefined };

function draft(encoding: Encoding, assignment: Assignment): Drafted {
  const made = draftPacket(assignment);
  if (made === undefined) return { kind: 'failed', packetLength: undefined };
  const { clash } = made;
  if (clash !== undefined) {
    return { kind: 'contradiction', impossible: clashing(encoding.model, clash, made.draft.bytes.length) };
  }
  return withText(encoding, assignment, made);
}

/** The two bits are one bit in packets of this length, and differ. */
function clashing(model: PacketModel, clash: Clash, packetLength: number): Edge {
  const d = model.diagrams;
  const behind = BigInt(packetLength - model.uncounted);
  const sameLength = within(d, lengthOf(model, 'behind_header'), [{ from: behind, to: behind }]);
  const transport = BigInt(clash.end + clash.byte);
  const sameStart =
    clash.region === 'transport'
      ? d.and(model.transportFound, within(d, lengthOf(model, 'transport'), [{ from: transport, to: transport }]))
      : sameLength;
  const other = bytesOf(model, clash.region, clash.byte, 1)[clash.bit] as Edge;
  const differ = d.xor(bytesOf(model, 'end', clash.end, 1)[clash.bit] as Edge, other);
  return d.and(sameStart, differ);
}

function withText(encoding: Encoding, assignment: Assignment, { draft: drafted }: DraftPacket): Drafted {
  const { bytes } = drafted;
  const scans = askedScans(encoding, assignment, bytes);
  if (scans.length === 0 || writeText(drafted, scans, freeFrom(bytes))) {
    return { kind: 'packet', packet: { frame: bytes, inIface: interfaceOf(assignment) } };
  }
  for (const scan of scans.filter(({ segment }) => LIES_IN_TRANSPORT.has(segment))) {
    const told = toldText(drafted, scan.start, scan.automaton);
    if (told === undefined || told.accepted === scan.accepted) continue;
    const same = packetsWithText(encoding.model, bytes, scan.start, told);
    return { kind: 'contradiction', impossible: sayingThis(encoding, same, [scan]) };
  }
  let wanted = 0;
  for (const segment of new Set(scans.map(each => each.segment))) {
    const together = scans.filter(scan => scan.segment === segment);
    const text = shortestText(together);
    if (text.kind === 'impossible') {
      return { kind: 'contradiction', impossible: sayingThis(encoding, ONE, together) };
    }
    if (text.kind === 'length') wanted = Math.max(wanted, (together[0]?.start ?? 0) + text.bytes);
  }
  return { kind: 'failed', packetLength: wanted };
}

const LIES_IN_TRANSPORT: ReadonlySet<Segment> = new Set<Segment>(['transport', 'tcp_payload', 'udp_payload']);

interface DecidedScan extends AskedScan {
  readonly index: number;
  readonly segment: Segment;
}

/** Of segments that the packet has; elsewhere a scan's outcome says nothing. */
function askedScans({ scans, model }: Encoding, { decided }: Assignment, bytes: Uint8Array): readonly DecidedScan[] {
  const packet = dissect(bytes);
  if (packet === undefined) return [];
  const asked: DecidedScan[] = [];
  for (const [level, accepted] of decided) {
    const variable = variableAt(level, model.family);
    const scan = variable.kind === 'opaque' ? scans[variable.index] : undefined;
    if (variable.kind !== 'opaque' || scan === undefined) continue;
    const { segment, automaton } = scan;
    // An interface's name is no byte of the packet.
    if (segment === 'in_iface') continue;
    const where = bounds(packet, segment);
    if (where !== undefined) asked.push({ segment, automaton, start: where.start, accepted, index: variable.index });
  }
  return asked;
}

/** Those of the packets of which the scans say this. */
function sayingThis({ model }: Encoding, packets: Edge, scans: readonly DecidedScan[]): Edge {
  const d = model.diagrams;
  const outcomes = scans.map(({ index, accepted }) => {
    const variable = variableOf(model, { kind: 'opaque', index });
    return accepted ? variable : d.not(variable);
  });
  return d.every([packets, ...outcomes]);
}

/** Behind the headers: the payload, or what there is of one. */
function freeFrom(bytes: Uint8Array): number {
  const packet = dissect(bytes);
  if (packet === undefined) return bytes.length;
  const payload = bounds(packet, 'tcp_payload') ?? bounds(packet, 'udp_payload');
  if (payload !== undefined) return payload.start;
  const header = packet.family === 'ip' ? ((bytes[0] as number) & 15) * 4 : 40;
  return packet.transport ?? (packet.fragmentHeader === undefined ? header : packet.fragmentHeader + 8);
}
