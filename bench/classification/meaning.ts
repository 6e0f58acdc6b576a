// What a rule of a rules file means, in the numbers of a packet: the protocols, and the flags or types that its last
// column allows. Ports are TCP's and UDP's: a rule that names ports matches no packet of another protocol.

import { ALL_PORTS, type Masked, type Network, type Range, type RangeRule } from './rules-file';

export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
export const GRE = 47;

/** The only protocol, undefined where there are several. */
export function onlyProtocol({ protocol }: RangeRule): number | undefined {
  return protocol.mask === 0xff ? protocol.value : undefined;
}

export function allows({ value, mask }: Masked, number: number): boolean {
  return (number & mask) === value;
}

export function hasPorts({ sourcePorts, destinationPorts }: RangeRule): boolean {
  return !isAllPorts(sourcePorts) || !isAllPorts(destinationPorts);
}

export function isAllPorts({ low, high }: Range): boolean {
  return low === ALL_PORTS.low && high === ALL_PORTS.high;
}

/** Of TCP rules; of others undefined, as where the rule asks for none. */
export function tcpFlags(rule: RangeRule): Masked | undefined {
  return onlyProtocol(rule) === TCP ? masked(rule.flags.value >> 8, rule.flags.mask >> 8) : undefined;
}

export function icmpType(rule: RangeRule): Masked | undefined {
  return onlyProtocol(rule) === ICMP ? masked(rule.flags.value >> 8, rule.flags.mask >> 8) : undefined;
}

export function icmpCode(rule: RangeRule): Masked | undefined {
  return onlyProtocol(rule) === ICMP ? masked(rule.flags.value & 0xff, rule.flags.mask & 0xff) : undefined;
}

function masked(value: number, mask: number): Masked | undefined {
  return mask === 0 ? undefined : { value, mask };
}

/** As ranges, for a mask that is not of the upper bits is several. */
export function valuesOf(masked: Masked): readonly Range[] {
  const ranges: { low: number; high: number }[] = [];
  for (let value = 0; value <= 0xff; value++) {
    if (!allows(masked, value)) continue;
    const last = ranges.at(-1);
    if (last?.high === value - 1) last.high = value;
    else ranges.push({ low: value, high: value });
  }
  return ranges;
}

/** 192.0.2.0/24, an address without its /32. */
export function networkText({ low, length }: Network): string {
  const address = [24, 16, 8, 0].map(shift => (low >>> shift) & 0xff).join('.');
  return length === 32 ? address : `${address}/${length}`;
}
