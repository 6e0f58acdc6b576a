// Who asks for which key of a verdict map. The first rule that asks for one has the element; the others behind it come
// to their right when it goes.

import type { NftVerdictMap } from '../backend/nft/table';
import { elementKey, keyText } from '../backend/nft/verdict-map';
import type { VerdictMapStage } from '../stage/stage';

export interface MapIndex {
  /** By the key's text. */
  readonly claims: Map<string, Claim>;
  /** Elements of each rule, by its position in the stage. */
  readonly owned: Uint32Array;
}

export interface Claim {
  /** Place in the map's elements. */
  slot: number;
  /** Positions in the stage, ascending: the first has the element. */
  readonly rules: number[];
}

export function mapIndex({ rules, entries }: VerdictMapStage, { key, elements }: NftVerdictMap): MapIndex {
  const claims = new Map<string, Claim>();
  for (const [slot, element] of elements.entries()) claims.set(keyText(element.key), { slot, rules: [] });
  const owned = new Uint32Array(rules.length);
  let position = 0;
  for (const { rule, values } of entries) {
    while (rules[position] !== rule) position++;
    const claim = claims.get(keyText(elementKey(key, values))) as Claim;
    if (claim.rules.length === 0) owned[position] = (owned[position] as number) + 1;
    claim.rules.push(position);
  }
  return { claims, owned };
}
