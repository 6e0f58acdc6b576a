// Assignment → bytes: headers of the lengths that it asks for, the bits that it decides, everything else as usual.

import { internetChecksum } from '../packet/build';
import { IPPROTO_TCP, IPPROTO_UDP, IPV4_HEADER, IPV6_HEADER, TCP_HEADER } from '../packet/header';
import { type Assignment, numberOf } from './assignment';
import { ask, type Draft, draftOf, fill, isFree, type Starts } from './draft';
import { extensionHeaders } from './draft-extension';
import { type ByteRegion, type ByteVariable, byteBits, l4protoBits, lengthBits, variableAt } from './variable';

const LONGEST = 0x1_0100;

interface Places extends Starts {
  /** The two value bytes of the option. */
  readonly maximumSegmentSize: number | undefined;
}

export interface DraftPacket {
  readonly draft: Draft;
  readonly places: Places;
  /** The first bit that is asked to be two things, counted from both ends of the packet. */
  readonly clash: Clash | undefined;
}

export interface Clash {
  /** Counted from the packet's end. */
  readonly end: number;
  readonly region: ByteRegion;
  readonly byte: number;
  readonly bit: number;
}

/** undefined where the packet would be longer than packets are. */
export function draftPacket(assignment: Assignment): DraftPacket | undefined {
  const behind = numberOf(assignment, lengthBits('behind_header'));
  const length = assignment.family === 'ip' ? behind : IPV6_HEADER + behind;
  if (length > LONGEST) return undefined;
  const draft = draftOf(length);
  const starts = assignment.family === 'ip' ? ipv4Starts(assignment) : extensionHeaders(assignment, draft);
  const places = { ...starts, maximumSegmentSize: maximumSegmentSize(assignment, starts) };
  fillUsual(assignment, draft, places);
  const clash = askDecided(assignment, draft, places);
  complete(assignment, draft, places);
  return { draft, places, clash };
}

function ipv4Starts(assignment: Assignment): Starts {
  const headerLength = numberOf(assignment, byteBits('network', 0).slice(4)) * 4;
  const offset = numberOf(assignment, [...byteBits('network', 6).slice(3), ...byteBits('network', 7)]);
  const transport = offset === 0 ? headerLength : undefined;
  return { networkEnd: transport ?? Number.POSITIVE_INFINITY, transport, fragmentHeader: undefined };
}

/** The first option, so that no other one can hide it. */
function maximumSegmentSize(assignment: Assignment, { transport }: Starts): number | undefined {
  const found = numberOf(assignment, [{ kind: 'fact', name: 'tcp_mss_found' }]) === 1;
  return found && transport !== undefined ? transport + TCP_HEADER + 2 : undefined;
}

function fillUsual(assignment: Assignment, draft: Draft, { networkEnd, transport, ...places }: Places): void {
  const usual = (region: ByteRegion, byte: number) => numberOf(assignment, byteBits(region, byte));
  const header = assignment.family === 'ip' ? Math.min(networkEnd, IPV4_HEADER + 40) : IPV6_HEADER;
  fill(
    draft,
    0,
    Array.from({ length: header }, (_, byte) => usual('network', byte)),
  );
  if (transport === undefined) return;
  fill(draft, transport, USUAL_TRANSPORT[l4protoOf(assignment)] ?? []);
  if (places.maximumSegmentSize !== undefined) {
    fill(draft, places.maximumSegmentSize - 2, [2, 4, usual('tcp_mss', 0), usual('tcp_mss', 1)]);
  }
}

const PORTS = [0x9c, 0x40, 0x01, 0xbb];
/** Ports, then for TCP a sequence number, data offset 5 and SYN; an echo request. */
const USUAL_TRANSPORT: Readonly<Record<number, readonly number[]>> = {
  [IPPROTO_TCP]: [...PORTS, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff],
  [IPPROTO_UDP]: PORTS,
  1: [8, 0, 0, 0, 0, 1, 0, 1],
  58: [128, 0, 0, 0, 0, 1, 0, 1],
};

/** Bits that count from the packet's end come last: they are the ones that may fall together with others. */
function askDecided({ family, decided }: Assignment, draft: Draft, places: Places): Clash | undefined {
  const bytes = [...decided]
    .map(([level, value]) => ({ variable: variableAt(level, family), value }))
    .filter((each): each is { variable: ByteVariable; value: boolean } => each.variable.kind === 'byte');
  const fromEnd = bytes.filter(({ variable }) => variable.region === 'end');
  for (const { variable, value } of bytes.filter(each => each.variable.region !== 'end')) {
    const position = positionOf(variable, draft, places);
    if (position !== undefined) ask(draft, position, variable.bit, value);
  }
  for (const { variable, value } of fromEnd) {
    const position = draft.bytes.length - variable.byte;
    if (!ask(draft, position, variable.bit, value))
      return { ...regionAt(position, places), end: variable.byte, bit: variable.bit };
  }
  return undefined;
}

function positionOf({ region, byte }: ByteVariable, { bytes }: Draft, places: Places): number | undefined {
  switch (region) {
    case 'network':
      return byte < places.networkEnd ? byte : undefined;
    case 'transport':
      return places.transport === undefined ? undefined : places.transport + byte;
    case 'fragment_header':
      return places.fragmentHeader === undefined ? undefined : places.fragmentHeader + byte;
    case 'tcp_mss':
      return places.maximumSegmentSize === undefined ? undefined : places.maximumSegmentSize + byte;
    // No byte of the packet.
    case 'in_iface':
      return undefined;
    case 'end':
      return bytes.length - byte;
  }
}

function regionAt(position: number, { transport }: Places): { region: ByteRegion; byte: number } {
  return transport !== undefined && position >= transport
    ? { region: 'transport', byte: position - transport }
    : { region: 'network', byte: position };
}

/** What a sender computes, where nothing else is asked for: UDP's length, the header checksum. */
function complete(assignment: Assignment, draft: Draft, { transport }: Places): void {
  const { bytes } = draft;
  if (transport !== undefined && l4protoOf(assignment) === IPPROTO_UDP && isFree(draft, transport + 4, 2)) {
    const length = bytes.length - transport;
    fill(draft, transport + 4, [length >> 8, length & 0xff]);
  }
  if (assignment.family !== 'ip' || !isFree(draft, 10, 2)) return;
  fill(draft, 10, [0, 0]);
  const headerLength = ((bytes[0] as number) & 15) * 4;
  const checksum = internetChecksum(bytes.subarray(0, headerLength));
  fill(draft, 10, [checksum >> 8, checksum & 0xff]);
}

function l4protoOf(assignment: Assignment): number {
  return numberOf(assignment, assignment.family === 'ip' ? byteBits('network', 9) : l4protoBits());
}
