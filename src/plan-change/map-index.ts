// Who asks for which key of a verdict map. The first rule that asks for one has the element; the others behind it come
// to their right when it goes.

import type { NftVerdictMap } from '../backend/nft/table';
import { elementKeys, keyText } from '../backend/nft/verdict-map';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';

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

export function mapIndex(rules: readonly Rule[], family: PacketFamily, { key, elements }: NftVerdictMap): MapIndex {
  const claims = new Map<string, Claim>();
  for (const [slot, element] of elements.entries()) claims.set(keyText(element.key), { slot, rules: [] });
  const owned = new Uint32Array(rules.length);
  for (const [position, rule] of rules.entries()) {
    for (const bytes of elementKeys(key, rule, family)) {
      const claim = claims.get(keyText(bytes)) as Claim;
      if (claim.rules.length === 0) owned[position] = (owned[position] as number) + 1;
      claim.rules.push(position);
    }
  }
  return { claims, owned };
}
