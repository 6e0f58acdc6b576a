// A rule of a rules file as one writes it for nft: the peer's ruleset. Addresses first and ranges of ports last, as the
// kernel is fastest.

import {
  allows,
  hasPorts,
  icmpCode,
  icmpType,
  isAllPorts,
  networkText,
  onlyProtocol,
  TCP,
  tcpFlags,
  UDP,
  valuesOf,
} from './meaning';
import type { Masked, Network, Range, RangeRule } from './rules-file';

/** Matches no packet: IPv4 counts its own header of 20 bytes. */
const NEVER = 'ip length 0';

/** Without counter and verdict. */
export function nftMatch(rule: RangeRule): string {
  return [
    ...network('saddr', rule.source),
    ...network('daddr', rule.destination),
    ...transport(rule),
    ...masked('icmp type', '@th,0,8', icmpType(rule)),
    ...masked('icmp code', '@th,8,8', icmpCode(rule)),
  ].join(' ');
}

function network(field: string, network: Network): string[] {
  return network.length === 0 ? [] : [`ip ${field} ${networkText(network)}`];
}

function transport(rule: RangeRule): string[] {
  const only = onlyProtocol(rule);
  if (hasPorts(rule)) return portTerms(rule, only);
  const flags = tcpFlags(rule);
  if (flags !== undefined) return [flagsTerm(flags)];
  if (rule.protocol.mask === 0 || icmpType(rule) !== undefined || icmpCode(rule) !== undefined) return [];
  return [`ip protocol ${set(valuesOf(rule.protocol))}`];
}

function portTerms(rule: RangeRule, only: number | undefined): string[] {
  const flags = tcpFlags(rule);
  const layer = only === TCP ? 'tcp' : only === UDP ? 'udp' : 'th';
  const allowed = [TCP, UDP].filter(protocol => allows(rule.protocol, protocol));
  if (allowed.length === 0) return [NEVER];
  return [
    ...(layer === 'th' ? [`ip protocol { ${allowed.join(', ')} }`] : []),
    ...(flags === undefined ? [] : [flagsTerm(flags)]),
    ...[rule.sourcePorts, rule.destinationPorts].flatMap((ports, which) =>
      isAllPorts(ports) ? [] : [`${layer} ${which === 0 ? 'sport' : 'dport'} ${range(ports)}`],
    ),
  ];
}

function flagsTerm({ value, mask }: Masked): string {
  return `tcp flags & 0x${mask.toString(16)} == 0x${value.toString(16)}`;
}

function masked(name: string, raw: string, wanted: Masked | undefined): string[] {
  if (wanted === undefined) return [];
  return wanted.mask === 0xff
    ? [`${name} ${wanted.value}`]
    : [`ip protocol icmp ${raw} & ${wanted.mask} == ${wanted.value}`];
}

function set(ranges: readonly Range[]): string {
  return ranges.length === 1 ? range(ranges[0] as Range) : `{ ${ranges.map(range).join(', ')} }`;
}

function range({ low, high }: Range): string {
  return low === high ? String(low) : `${low}-${high}`;
}
