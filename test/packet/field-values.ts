// The values of all packet fields, read out of a packet by hand: the specification's offsets, nothing of src/packet or
// src/ir. What execute() makes of them is what the evaluator has to say too.

import type { Value } from '../../src/language/value';
import { protocolNames } from '../../src/net/protocol-number';

type Values = Map<string, Value>;

/** undefined where the bytes begin with no IP header. */
export function fieldValues(frame: Uint8Array): ReadonlyMap<string, Value> | undefined {
  const bytes = Buffer.from(frame);
  if (bytes.length >= 20 && bytes.readUInt8(0) >> 4 === 4) return ipv4(bytes);
  if (bytes.length >= 40 && bytes.readUInt8(0) >> 4 === 6) return ipv6(bytes);
  return undefined;
}

/** RFC 791 section 3.1. */
function ipv4(frame: Buffer): Values {
  const headerBytes = (frame.readUInt8(0) & 15) * 4;
  const total = frame.readUInt16BE(2);
  const packet = total < headerBytes ? frame : frame.subarray(0, total);
  const values = network(packet, { length: total, ttl: frame.readUInt8(8) });
  values.set('ip.src', { family: 4, value: BigInt(frame.readUInt32BE(12)) });
  values.set('ip.dst', { family: 4, value: BigInt(frame.readUInt32BE(16)) });
  const protocol = frame.readUInt8(9);
  values.set('ip.proto', name(protocol));
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
  values.set('ip.src', { family: 6, value: BigInt(`0x${frame.toString('hex', 8, 24)}`) });
  values.set('ip.dst', { family: 6, value: BigInt(`0x${frame.toString('hex', 24, 40)}`) });
  addUpperLayer(values, packet, frame.readUInt8(6), 40);
  return values;
}

function network(packet: Buffer, { length, ttl }: { length: number; ttl: number }): Values {
  const values: Values = new Map();
  values.set('ip', packet);
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
      else if (![0, 43, 44, 51, 60].includes(following)) values.set('ip.proto', name(following));
      return;
    }
    case 51:
      if (rest.length >= 2) values.set('ip.proto', name(next));
      return;
    default:
      values.set('ip.proto', name(next));
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
}

const FLAGS = ['fin', 'syn', 'reset', 'push', 'ack', 'urg', 'ecn', 'cwr'];

/** RFC 9293 section 3.1. */
function addTcp(values: Values, bytes: Buffer): void {
  values.set('tcp', bytes);
  if (bytes.length >= 2) values.set('tcp.srcport', BigInt(bytes.readUInt16BE(0)));
  if (bytes.length >= 4) values.set('tcp.dstport', BigInt(bytes.readUInt16BE(2)));
  if (bytes.length >= 14) {
    const flags = bytes.readUInt8(13);
    values.set('tcp.flags', BigInt(flags));
    for (const [bit, flag] of FLAGS.entries()) values.set(`tcp.flags.${flag}`, (flags & (1 << bit)) !== 0);
  }
  if (bytes.length < 13) return;
  const header = (bytes.readUInt8(12) >> 4) * 4;
  if (header >= 20 && header <= bytes.length) values.set('tcp.payload', bytes.subarray(header));
}

/** RFC 768. */
function addUdp(values: Values, bytes: Buffer): void {
  values.set('udp', bytes);
  if (bytes.length >= 2) values.set('udp.srcport', BigInt(bytes.readUInt16BE(0)));
  if (bytes.length >= 4) values.set('udp.dstport', BigInt(bytes.readUInt16BE(2)));
  if (bytes.length >= 8) values.set('udp.payload', bytes.subarray(8));
}

function name(protocol: number): Uint8Array {
  return Buffer.from(protocolNames(protocol)[0]);
}
