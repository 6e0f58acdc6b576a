// What a real packet says of every variable, read from its bytes without the model: the evaluator's dissection says where
// the transport header is, the rest is counted out here.

import { type Diagrams, type Edge, ONE, ZERO } from '../../src/analysis/bdd';
import type { OpaqueScan } from '../../src/analysis/encode';
import { type Variable, variableAt } from '../../src/analysis/variable';
import { accepts } from '../../src/ir/automaton/dfa';
import { bounds, type Packet } from '../../src/packet/packet';

/** Does the packet lie in the function that the diagram shows? */
export function contains(d: Diagrams, f: Edge, packet: Packet, scans: readonly OpaqueScan[] = []): boolean {
  let edge = f;
  while (edge !== ONE && edge !== ZERO) {
    const variable = variableAt(d.levelOf(edge), packet.family);
    edge = isSet(variable, packet, scans) ? d.high(edge) : d.low(edge);
  }
  return edge === ONE;
}

const SEGMENT_OF = {
  transport_found: 'transport',
  fragment_header_found: 'fragment_header',
  tcp_mss_found: 'tcp_mss',
} as const;

/** Bytes that the packet does not have count as zeros; nothing may depend on them. */
function isSet(variable: Variable, packet: Packet, scans: readonly OpaqueScan[]): boolean {
  const { bytes, l4proto, transport = 0, fragmentHeader = 0 } = packet;
  switch (variable.kind) {
    case 'byte':
      if (variable.region === 'in_iface') return bit(packet.inIface?.[variable.byte] ?? 0, 8, variable.bit);
      return bit(bytes[byteAt(variable, packet)] ?? 0, 8, variable.bit);
    case 'l4proto':
      return bit(l4proto ?? 0, 8, variable.bit);
    case 'length': {
      const fixed = packet.family === 'ip6' ? 40 : 0;
      // In IPv4 the bytes behind the header count as transport in later fragments, too.
      const start = packet.family === 'ip' ? ((bytes[0] as number) & 15) * 4 : transport;
      const starts = { behind_header: fixed, transport: start, fragment_header: fragmentHeader };
      return bit(Math.max(0, bytes.length - starts[variable.name]), 32, variable.bit);
    }
    case 'fact': {
      if (variable.name === 'l4proto_found') return l4proto !== undefined;
      if (variable.name === 'in_iface_found') return packet.inIface !== undefined;
      return bounds(packet, SEGMENT_OF[variable.name]) !== undefined;
    }
    case 'opaque': {
      const scan = scans[variable.index] as OpaqueScan;
      if (scan.segment === 'in_iface') return packet.inIface !== undefined && accepts(scan.automaton, packet.inIface);
      const where = bounds(packet, scan.segment);
      return where !== undefined && accepts(scan.automaton, bytes.subarray(where.start, where.end));
    }
  }
}

function byteAt({ region, byte }: Extract<Variable, { kind: 'byte' }>, packet: Packet): number {
  const { bytes, transport, fragmentHeader } = packet;
  switch (region) {
    case 'network':
      return byte;
    case 'transport':
      return transport === undefined ? -1 : transport + byte;
    case 'fragment_header':
      return fragmentHeader === undefined ? -1 : fragmentHeader + byte;
    case 'tcp_mss':
      return (bounds(packet, 'tcp_mss')?.start ?? -3) + byte;
    case 'in_iface':
      return -1;
    case 'end':
      return bytes.length - byte;
  }
}

function bit(value: number, width: number, index: number): boolean {
  return Math.floor(value / 2 ** (width - 1 - index)) % 2 === 1;
}
