// A rule of a rules file as an expression.

import {
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

/** From the lowest bit of the flags byte. */
const FLAGS = ['fin', 'syn', 'reset', 'push', 'ack', 'urg', 'ecn', 'cwr'];

export function expressionOf(rule: RangeRule): string {
  const terms = [
    ...network('ip.src', rule.source),
    ...network('ip.dst', rule.destination),
    ...protocol(rule),
    ...ports(rule),
    ...flags(tcpFlags(rule)),
    ...values('icmp.type', icmpType(rule)),
    ...values('icmp.code', icmpCode(rule)),
  ];
  // A rule without any term matches every packet.
  return terms.length === 0 ? 'true' : terms.join(' and ');
}

function network(field: string, network: Network): string[] {
  if (network.length === 0) return [];
  return [network.length === 32 ? `${field} == ${networkText(network)}` : `${field} in {${networkText(network)}}`];
}

/** Fields of a transport header name its protocol already. */
function protocol(rule: RangeRule): string[] {
  const only = onlyProtocol(rule);
  if (rule.protocol.mask === 0 || (hasPorts(rule) && (only === TCP || only === UDP))) return [];
  return values('ip.proto.num', rule.protocol);
}

function ports(rule: RangeRule): string[] {
  if (!hasPorts(rule)) return [];
  const only = onlyProtocol(rule);
  if (only === TCP || only === UDP) return portTerms(only === TCP ? 'tcp' : 'udp', rule);
  return [`(${['tcp', 'udp'].map(layer => `(${portTerms(layer, rule).join(' and ')})`).join(' or ')})`];
}

function portTerms(layer: string, { sourcePorts, destinationPorts }: RangeRule): string[] {
  return [...port(`${layer}.srcport`, sourcePorts), ...port(`${layer}.dstport`, destinationPorts)];
}

function port(field: string, ports: Range): string[] {
  return isAllPorts(ports) ? [] : [within(field, [ports])];
}

function flags(wanted: Masked | undefined): string[] {
  if (wanted === undefined) return [];
  return FLAGS.flatMap((name, bit) => {
    if ((wanted.mask & (1 << bit)) === 0) return [];
    return [(wanted.value & (1 << bit)) === 0 ? `not tcp.flags.${name}` : `tcp.flags.${name}`];
  });
}

function values(field: string, masked: Masked | undefined): string[] {
  return masked === undefined ? [] : [within(field, valuesOf(masked))];
}

function within(field: string, ranges: readonly Range[]): string {
  const [first] = ranges;
  if (ranges.length === 1 && first !== undefined && first.low === first.high) return `${field} == ${first.low}`;
  return `${field} in {${ranges.map(({ low, high }) => (low === high ? low : `${low}..${high}`)).join(' ')}}`;
}
