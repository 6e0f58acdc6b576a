// Some packets of many made fragments: first ones, and later ones, which have no transport header however their bytes look.

import { seededRandom } from '../random';
import type { Ipv4Packet } from './ipv4-packet';

const PART = 0.05;
const MORE_FRAGMENTS = 0x2000;
const LARGEST_OFFSET = 0x1fff;

export function withFragments(packets: readonly Ipv4Packet[], seed: number): readonly Ipv4Packet[] {
  const random = seededRandom(seed);
  return packets.map(packet => {
    if (!random.chance(PART)) return packet;
    const offset = random.oneOf([0, 1, random.between(1, LARGEST_OFFSET)]);
    return { ...packet, fragment: offset | (offset === 0 || random.chance(0.5) ? MORE_FRAGMENTS : 0) };
  });
}
