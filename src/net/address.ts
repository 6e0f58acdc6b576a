// IPv4 and IPv6 addresses as plain values, read with the strictness of Wirefilter: four decimal octets without
// leading zeros, RFC 4291 text for IPv6; written as RFC 5952 asks (section 5's dotted form for ::ffff:0:0/96 included).

import type { Interval } from './interval-set';

export interface Address {
  readonly family: 4 | 6;
  /** The address read as one big-endian number. */
  readonly value: bigint;
}

export function addressBits(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** undefined when the text is no address. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) return parseIpv6(text);
  const value = parseIpv4(text);
  return value === undefined ? undefined : { family: 4, value };
}

export function printAddress({ family, value }: Address): string {
  return family === 4 ? printIpv4(value) : printIpv6(value);
}

/** The addresses of a prefix; the host bits of `network` are taken as they stand in the mask's place. */
export function prefixInterval(network: Address, length: number): Interval {
  const hostBits = BigInt(addressBits(network.family) - length);
  const from = (network.value >> hostBits) << hostBits;
  return { from, to: from + (1n << hostBits) - 1n };
}

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);

function parseIpv4(text: string): bigint | undefined {
  const octets = IPV4.exec(text);
  if (octets === null) return undefined;
  const [, first, second, third, fourth] = octets.map(Number) as [number, number, number, number, number];
  return BigInt(((first * 256 + second) * 256 + third) * 256 + fourth);
}

function parseIpv6(text: string): Address | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] as string, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] as string, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...new Array<number>(missing).fill(0), ...tail]) value = (value << 16n) | BigInt(group);
  return { family: 6, value };
}

/** 16-bit groups between colons; a dotted IPv4 address may stand for the last two. */
function parseGroups(text: string, dottedEndAllowed: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const dotted = dottedEndAllowed && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (dotted === undefined) return undefined;
      groups.push(Number(dotted >> 16n), Number(dotted & 0xffffn));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function printIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map(bits => String((value >> bits) & 0xffn)).join('.');
}

function printIpv6(value: bigint): string {
  if (value >> 32n === 0xffffn) return `::ffff:${printIpv4(value & 0xffffffffn)}`;
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  const zeros = longestZeroRun(groups);
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map(group => group.toString(16))
      .join(':');
  return zeros.length < 2 ? text(0, 8) : `${text(0, zeros.start)}::${text(zeros.start + zeros.length, 8)}`;
}

/** The first of the longest runs of zero groups (RFC 5952 section 4.2.3). */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
