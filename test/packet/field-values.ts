// The values of all packet fields, read out of a packet by hand: the specification's offsets, nothing of src/packet or
// src/ir. What execute() makes of them is what the evaluator has to say too.

import type { Value } from '../../src/language/value';
import { protocolNames } from '../../src/net/protocol-number';

type Values = Map<string, Value>;

/** undefined where the bytes begin with no IP header. */
export function fieldValues(frame: Uint8Array, inIface?: Uint8Array): ReadonlyMap<string, Value> | undefined {
  const bytes = Buffer.from(frame);
  const values = bytes.length >= 20 ? ofVersion(bytes.readUInt8(0) >> 4, bytes) : undefined;
  if (inIface !== undefined) values?.set('in_iface', inIface);
  return values;
}

function ofVersion(version: number, bytes: Buffer): Values | undefined {
  if (version === 4) return ipv4(bytes);
  return version === 6 && bytes.length >= 40 ? ipv6(bytes) : undefined;
}

/** RFC 791 section 3.1. */
function ipv4(frame: Buffer): Values {
  const headerBytes = (frame.readUInt8(0) & 15) * 4;
  const total = frame.readUInt16BE(2);
  const packet = total < headerBytes ? frame : frame.subarray(0, total);
  const values = network(packet, { length: total, ttl: frame.readUInt8(8) });
  values.set('ip.version', 4n);
  values.set('ip.hdr_len', BigInt(frame.readUInt8(0) & 15));
  values.set('ip.dscp', BigInt(frame.readUInt8(1) >> 2));
  values.set('ip.ecn', BigInt(frame.readUInt8(1) & 3));
  values.set('ip.id', BigInt(frame.readUInt16BE(4)));
  values.set('ip.flags.df', (frame.readUInt8(6) & 0x40) !== 0);
  values.set('ip.flags.mf', (frame.readUInt8(6) & 0x20) !== 0);
  values.set('ip.frag_offset', BigInt(frame.readUInt16BE(6) % 8192));
  values.set('ip.frag', (frame.readUInt16BE(6) & 0x3fff) !== 0);
  if (headerBytes > 20 && packet.length > 20) values.set('ip.opt.type', BigInt(packet.readUInt8(20)));
  values.set('ip.src', { family: 4, value: BigInt(frame.readUInt32BE(12)) });
  values.set('ip.dst', { family: 4, value: BigInt(frame.readUInt32BE(16)) });
  const protocol = frame.readUInt8(9);
  addProtocol(values, protocol);
  const offset = frame.readUInt16BE(6) & 0x1fff;
  if (offset === 0) addTransport(values, protocol, packet, headerBytes);
  return values;
}

/** RFC 8200 sections 3 and 4. */
function ipv6(frame: Buffer): Values {
  const stated = frame.readUInt16BE(4);
  const jumbo = stated === 0 && frame.readUInt8(6) === 0;
  const packet = jumbo ? frame : frame.subarray(0, 40 + stated);
  const values = network(packet, { length: 40 + stated, ttl: frame.readUInt8(7) });
  const trafficClass = (frame.readUInt16BE(0) >> 4) & 0xff;
  values.set('ip.version', 6n);
  values.set('ip.dscp', BigInt(trafficClass >> 2));
  values.set('ip.ecn', BigInt(trafficClass & 3));
  values.set('ip6.flow_label', BigInt(frame.readUInt32BE(0) % 0x100000));
  values.set('ip.src', { family: 6, value: BigInt(`0x${frame.toString('hex', 8, 24)}`) });
  values.set('ip.dst', { family: 6, value: BigInt(`0x${frame.toString('hex', 24, 40)}`) });
  addFragmentHeader(values, packet, frame.readUInt8(6), 40);
  addUpperLayer(values, packet, frame.readUInt8(6), 40);
  return values;
}

/** The first of them, also behind an Authentication Header (RFC 4302), whose length counts in words of 4 bytes. */
function addFragmentHeader(values: Values, packet: Buffer, next: number, at: number): void {
  const rest = packet.subarray(at);
  values.set('ip.frag', false);
  if (![0, 43, 44, 51, 60].includes(next) || rest.length < (next === 43 || next === 44 ? 4 : 2)) return;
  if (next !== 44) {
    const length = next === 51 ? 4 * (rest.readUInt8(1) + 2) : 8 * (rest.readUInt8(1) + 1);
    addFragmentHeader(values, packet, rest.readUInt8(0), at + length);
    return;
  }
  const offset = rest.readUInt16BE(2) >> 3;
  const more = (rest.readUInt8(3) & 1) === 1;
  values.set('ip.frag_offset', BigInt(offset));
  values.set('ip.flags.mf', more);
  values.set('ip.frag', offset !== 0 || more);
  if (rest.length >= 8) values.set('ip.id', BigInt(rest.readUInt32BE(4)));
}

function network(packet: Buffer, { length, ttl }: { length: number; ttl: number }): Values {
  const values: Values = new Map();
  values.set('ip', packet);
  values.set('packet.len', BigInt(packet.length));
  values.set('ip.len', BigInt(length));
  values.set('ip.ttl', BigInt(ttl));
  values.set('true', true);
  values.set('false', false);
  return values;
}

/** From extension header to extension header; an Authentication Header is the protocol 51 and ends the way. */
function addUpperLayer(values: Values, packet: Buffer, next: number, at: number, fragmented = false): void {
  if (at > 65535) return;
  const rest = packet.subarray(at);
  switch (next) {
    case 0:
    case 60:
      if (rest.length >= 2)
        addUpperLayer(values, packet, rest.readUInt8(0), at + 8 + 8 * rest.readUInt8(1), fragmented);
      return;
    case 43:
      if (rest.length >= 4)
        addUpperLayer(values, packet, rest.readUInt8(0), at + 8 + 8 * rest.readUInt8(1), fragmented);
      return;
    case 44: {
      if (rest.length < 4) return;
      const following = rest.readUInt8(0);
      if (rest.readUInt16BE(2) >> 3 === 0) addUpperLayer(values, packet, following, at + 8, true);
      else if (![0, 43, 44, 51, 60].includes(following)) addProtocol(values, following);
      return;
    }
    case 51:
      if (rest.length >= 2) addProtocol(values, next);
      return;
    default:
      addProtocol(values, next);
      // As in the kernel's tables: a fragment with less than three bytes of a transport header counts as having none.
      if (!fragmented || at + 3 <= packet.length) addTransport(values, next, packet, at);
  }
}

function addTransport(values: Values, protocol: number, packet: Buffer, at: number): void {
  if (at > packet.length) return;
  const bytes = packet.subarray(at);
  if (protocol === 6) addTcp(values, bytes);
  if (protocol === 17) addUdp(values, bytes);
  if (protocol === 1) {
    values.set('icmp', bytes);
    if (bytes.length > 0) values.set('icmp.type', BigInt(bytes.readUInt8(0)));
    if (bytes.length > 1) values.set('icmp.code', BigInt(bytes.readUInt8(1)));
  }
  if (protocol === 58) {
    values.set('icmpv6', bytes);
    if (bytes.length > 0) values.set('icmpv6.type', BigInt(bytes.readUInt8(0)));
    if (bytes.length > 1) values.set('icmpv6.code', BigInt(bytes.readUInt8(1)));
  }
  if (protocol === 47 && bytes.length >= 4) values.set('gre.proto', BigInt(bytes.readUInt16BE(2)));
  if (protocol === 50 && bytes.length >= 4) values.set('esp.spi', BigInt(bytes.readUInt32BE(0)));
}

const FLAGS = ['fin', 'syn', 'reset', 'push', 'ack', 'urg', 'ecn', 'cwr'];

/** RFC 9293 section 3.1. */
function addTcp(values: Values, bytes: Buffer): void {
  values.set('tcp', bytes);
  if (bytes.length >= 2) values.set('tcp.srcport', BigInt(bytes.readUInt16BE(0)));
  if (bytes.length >= 4) values.set('tcp.dstport', BigInt(bytes.readUInt16BE(2)));
  if (bytes.length >= 8) values.set('tcp.seq', BigInt(bytes.readUInt32BE(4)));
  if (bytes.length >= 13) values.set('tcp.hdr_len', BigInt(bytes.readUInt8(12) >> 4));
  if (bytes.length >= 16) values.set('tcp.window', BigInt(bytes.readUInt16BE(14)));
  if (bytes.length >= 14) {
    const flags = bytes.readUInt8(13);
    values.set('tcp.flags', BigInt(flags));
    for (const [bit, flag] of FLAGS.entries()) values.set(`tcp.flags.${flag}`, (flags & (1 << bit)) !== 0);
  }
  if (bytes.length < 13) return;
  const header = (bytes.readUInt8(12) >> 4) * 4;
  if (header < 20 || header > bytes.length) return;
  values.set('tcp.payload', bytes.subarray(header));
  addMaximumSegmentSize(values, bytes.subarray(20, header));
}

/** Option by option: 0 ends the list, 1 is alone, any other has a length that must fit. */
function addMaximumSegmentSize(values: Values, options: Buffer): void {
  const [kind, length] = options;
  if (kind === undefined || kind === 0) return;
  if (kind === 1) {
    addMaximumSegmentSize(values, options.subarray(1));
    return;
  }
  if (length === undefined || length < 2 || length > options.length) return;
  if (kind === 2 && length === 4) values.set('tcp.mss', BigInt(options.readUInt16BE(2)));
  else addMaximumSegmentSize(values, options.subarray(length));
}

/** RFC 768. */
function addUdp(values: Values, bytes: Buffer): void {
  values.set('udp', bytes);
  if (bytes.length >= 2) values.set('udp.srcport', BigInt(bytes.readUInt16BE(0)));
  if (bytes.length >= 4) values.set('udp.dstport', BigInt(bytes.readUInt16BE(2)));
  if (bytes.length >= 6) values.set('udp.len', BigInt(bytes.readUInt16BE(4)));
  if (bytes.length >= 8) values.set('udp.payload', bytes.subarray(8));
}

function addProtocol(values: Values, protocol: number): void {
  values.set('ip.proto', Buffer.from(protocolNames(protocol)[0]));
  values.set('ip.proto.num', BigInt(protocol));
}
