// Rules that name one source and one port each, as the rows about 10,000 rules have them: as a policy, for nft one by one,
// and for nft as a verdict map written by hand.

import type { RulesetText, RuleText } from '../src/compile';
import type { Candidates } from './packet/deciding-rule';
import { withFragments } from './packet/fragments';
import { type Ipv4Packet, type PacketTable, packetTable } from './packet/ipv4-packet';
import { nftTable } from './peer';
import { seededRandom } from './random';

export interface ExactRule {
  /** In host order. */
  readonly source: number;
  readonly port: number;
}

/** No two have the same source. */
export function exactRules(count: number, seed: number): readonly ExactRule[] {
  const random = seededRandom(seed);
  const sources = new Set<number>();
  while (sources.size < count) sources.add(random.between(0x0b000000, 0xdfffffff));
  return [...sources].map(source => ({ source, port: random.between(1, 0xffff) }));
}

export function exactRulesetText(rules: readonly ExactRule[]): RulesetText {
  return { account: 'bench', lists: new Map(), rules: rules.map(exactRuleText) };
}

export function exactRuleText(rule: ExactRule, position: number): RuleText {
  return {
    index: position + 1,
    ref: `r${position + 1}`,
    action: isBlocked(position) ? 'block' : 'skip',
    enabled: true,
    expression: `ip.src == ${addressText(rule.source)} and tcp.dstport == ${rule.port}`,
  };
}

export function exactNftRuleset(rules: readonly ExactRule[]): string {
  return nftTable(rules.map(nftRule));
}

export function nftRule({ source, port }: ExactRule, position: number): string {
  return `ip saddr ${addressText(source)} tcp dport ${port} counter ${nftVerdict(position)}`;
}

export function exactNftMap(rules: readonly ExactRule[]): string {
  const elements = rules.map(nftElement).join(',\n');
  const map = `map rules { type ipv4_addr . inet_service : verdict; counter; elements = {\n${elements}\n}; }`;
  return nftTable(['ip saddr . tcp dport vmap @rules'], map);
}

export function nftElement({ source, port }: ExactRule, position: number): string {
  return `${addressText(source)} . ${port} counter : ${nftVerdict(position)}`;
}

/** The only rule that may match is the one of the packet's source. */
export function candidatesBySource(rules: readonly ExactRule[]): Candidates {
  const bySource = new Map(rules.map(({ source }, position) => [source, position]));
  return packet => {
    const position = bySource.get(new DataView(packet.buffer, packet.byteOffset, packet.byteLength).getUint32(12));
    return position === undefined ? [] : [position];
  };
}

/** TCP from sources anywhere: hardly any is a rule's. */
export function randomSources(count: number, seed: number): readonly Ipv4Packet[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => tcpPacket(random.between(1, 0xdfffffff), random.between(1, 0xffff)));
}

/** Half of them meet a rule; the others miss one by little in one field. */
function packetsNear(rules: readonly ExactRule[], count: number, seed: number): readonly Ipv4Packet[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const { source, port } = random.oneOf(rules);
    const step = random.oneOf([-1, 1]);
    switch (random.between(0, 5)) {
      case 0:
        return tcpPacket(source + step, port);
      case 1:
        return tcpPacket(source, (port + step) & 0xffff);
      case 2:
        return { ...tcpPacket(source, port), protocol: 17 };
      default:
        return tcpPacket(source, port);
    }
  });
}

/** 100,000: near the rules, from anywhere, and fragments of both. */
export function packetsToCheck(rules: readonly ExactRule[]): PacketTable {
  return packetTable(withFragments([...packetsNear(rules, 50_000, 3), ...randomSources(50_000, 4)], 5));
}

export function addressText(address: number): string {
  return [24, 16, 8, 0].map(shift => (address >>> shift) & 0xff).join('.');
}

function tcpPacket(source: number, destinationPort: number): Ipv4Packet {
  return { source, destination: 0x0a630009, protocol: 6, sourcePort: 40000, destinationPort, flags: 2 };
}

function nftVerdict(position: number): string {
  return isBlocked(position) ? 'drop' : 'accept';
}

function isBlocked(position: number): boolean {
  return position % 2 === 0;
}
