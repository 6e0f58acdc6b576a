// Rulesets of ClassBench's kind without its files: addresses from a few hundred sites, so that prefixes nest and meet
// again; services on well-known ports, ranges on the others; some rules for whole protocols; wide ones late.

import { type Random, seededRandom } from '../random';
import { GRE, ICMP, TCP, UDP } from './meaning';
import { ALL_PORTS, type Masked, type Network, type Range, type RangeRule } from './rules-file';

const SERVICES = [
  20, 21, 22, 23, 25, 53, 67, 69, 80, 110, 123, 137, 143, 161, 443, 445, 750, 1433, 1521, 3306, 5632, 8080,
];
const RANGES: readonly Range[] = [
  { low: 1024, high: 65535 },
  { low: 32768, high: 61000 },
  { low: 6000, high: 6063 },
];
const NO_FLAGS: Masked = { value: 0, mask: 0 };
const SYN: Masked = { value: 0x0200, mask: 0x1200 };

export function generateRules(count: number, seed: number): readonly RangeRule[] {
  const random = seededRandom(seed);
  const sites = Array.from({ length: Math.ceil(count / 10) }, () => random.between(0, 0xffffffff));
  const drawn = Array.from({ length: count }, () => generateRule(sites, random));
  // As in files written by hand: what is narrow stands before what is wide.
  return drawn.sort((a, b) => width(a) - width(b));
}

function generateRule(sites: readonly number[], random: Random): RangeRule {
  const protocol = random.oneOf([TCP, TCP, TCP, TCP, TCP, UDP, UDP, UDP, ICMP, GRE, undefined]);
  const hasPorts = protocol === TCP || protocol === UDP;
  return {
    source: network(sites, random.oneOf([0, 8, 16, 21, 24, 24, 27, 28, 32, 32, 32]), random),
    destination: network(sites, random.oneOf([0, 16, 22, 24, 26, 28, 30, 32, 32, 32, 32]), random),
    sourcePorts: hasPorts && random.chance(0.3) ? ports(random) : ALL_PORTS,
    destinationPorts: hasPorts && random.chance(0.85) ? ports(random) : ALL_PORTS,
    protocol: protocol === undefined ? NO_FLAGS : { value: protocol, mask: 0xff },
    flags: protocol === TCP && random.chance(0.3) ? SYN : NO_FLAGS,
  };
}

function network(sites: readonly number[], length: number, random: Random): Network {
  const size = 2 ** (32 - length);
  // Hosts of a site lie in its last ten bits.
  const address = (random.oneOf(sites) & ~0x3ff) >>> 0;
  const low = Math.floor((address + random.between(0, 0x3ff)) / size) * size;
  return { low, high: low + size - 1, length };
}

function ports(random: Random): Range {
  if (random.chance(0.2)) return random.oneOf(RANGES);
  const port = random.chance(0.8) ? random.oneOf(SERVICES) : random.between(1, 0xffff);
  return { low: port, high: port };
}

/** Bits left open. */
function width({ source, destination }: RangeRule): number {
  return 64 - source.length - destination.length;
}
