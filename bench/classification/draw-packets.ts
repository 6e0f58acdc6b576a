// Packets for a ruleset: most from a rule drawn at random, with values at the ends of its ranges or inside, some of them
// pushed one beyond in one field, so that borders are met from both sides; the others at random.

import type { Ipv4Packet } from '../packet/ipv4-packet';
import { type Random, seededRandom } from '../random';
import { GRE, ICMP, TCP, UDP } from './meaning';
import type { Masked, Range, RangeRule } from './rules-file';

const FROM_A_RULE = 0.8;
const PUSHED = 0.12;

export function drawPackets(rules: readonly RangeRule[], count: number, seed: number): readonly Ipv4Packet[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    if (!random.chance(FROM_A_RULE)) return randomPacket(random);
    const drawn = packetOf(random.oneOf(rules), random);
    return random.chance(PUSHED) ? pushed(drawn, random) : drawn;
  });
}

function randomPacket(random: Random): Ipv4Packet {
  const any = { low: 0, high: 0xffffffff };
  const anyPort = { low: 0, high: 0xffff };
  return {
    source: random.between(any.low, any.high),
    destination: random.between(any.low, any.high),
    protocol: usualProtocol(random),
    sourcePort: random.between(anyPort.low, anyPort.high),
    destinationPort: random.between(anyPort.low, anyPort.high),
    flags: random.between(0, 0xff),
  };
}

function packetOf(rule: RangeRule, random: Random): Ipv4Packet {
  const protocol = rule.protocol.mask === 0 ? usualProtocol(random) : matching(rule.protocol, random.between(0, 0xff));
  return {
    source: inRange(rule.source, random),
    destination: inRange(rule.destination, random),
    protocol,
    sourcePort: inRange(rule.sourcePorts, random),
    destinationPort: inRange(rule.destinationPorts, random),
    flags:
      protocol === ICMP
        ? matching(rule.flags, random.between(0, 0xffff))
        : matching(rule.flags, random.between(0, 0xffff)) >> 8,
  };
}

function usualProtocol(random: Random): number {
  return random.oneOf([TCP, TCP, TCP, UDP, UDP, UDP, ICMP, GRE, random.between(0, 0xff)]);
}

function matching({ value, mask }: Masked, any: number): number {
  return value | (any & ~mask);
}

function inRange({ low, high }: Range, random: Random): number {
  return random.oneOf([low, high, random.between(low, high)]);
}

/** One field by one up or down, round its ends. */
function pushed(packet: Ipv4Packet, random: Random): Ipv4Packet {
  const field = random.oneOf(['source', 'destination', 'sourcePort', 'destinationPort', 'protocol'] as const);
  const size = {
    source: 2 ** 32,
    destination: 2 ** 32,
    sourcePort: 2 ** 16,
    destinationPort: 2 ** 16,
    protocol: 2 ** 8,
  }[field];
  return { ...packet, [field]: (packet[field] + random.oneOf([1, size - 1])) % size };
}
