// UDP packets with payloads for rules that look for words in them.

import type { Candidates } from './packet/deciding-rule';
import type { Ipv4Packet } from './packet/ipv4-packet';
import { type Random, seededRandom } from './random';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz ';

export function udpPackets(count: number, seed: number): readonly Ipv4Packet[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    source: random.between(1, 0xdfffffff),
    destination: 0x0a630009,
    protocol: 17,
    sourcePort: 40000,
    destinationPort: 7777,
    flags: 0,
  }));
}

/** Letters in which none of the words occurs. */
export function plainPayloads(count: number, length: number, seed: number): readonly Uint8Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Buffer.from(letters(length, random)));
}

/** Some have one of the words at the end, some elsewhere, some all of one but a letter, some none. */
export function payloadsWith(
  words: readonly string[],
  count: number,
  length: number,
  seed: number,
): readonly Uint8Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const payload = Buffer.from(letters(length, random));
    const word = Buffer.from(random.oneOf(words));
    const end = length - word.length;
    const at = random.oneOf([end, end, end - 1, random.between(0, end)]);
    if (random.chance(0.8)) payload.set(word, at);
    if (random.chance(0.3)) payload[at + random.between(0, word.length - 1)] = 0x2d;
    return payload;
  });
}

/** Any rule may match any packet. */
export function allCandidates(rules: number): Candidates {
  const all = Array.from({ length: rules }, (_, position) => position);
  return () => all;
}

function letters(length: number, random: Random): string {
  return Array.from({ length }, () => LETTERS[random.between(0, LETTERS.length - 1)]).join('');
}
