// match: an iptables match inside an nft rule (nft_compat). The info is the match's own C struct and its meaning is the
// revision's; for the eBPF match see xt-bpf-info.ts. nft cannot print these; iptables-nft does.

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';

const NFTA_MATCH_NAME = 1;
const NFTA_MATCH_REV = 2;
const NFTA_MATCH_INFO = 3;

export interface MatchExpression {
  readonly kind: 'match';
  readonly name: string;
  readonly revision: number;
  readonly info: Uint8Array;
}

export function encodeMatch(writer: AttributeWriter, expression: MatchExpression): void {
  writer.string(NFTA_MATCH_NAME, expression.name);
  writer.u32be(NFTA_MATCH_REV, expression.revision);
  writer.bytes(NFTA_MATCH_INFO, expression.info);
}

export function decodeMatch(attributes: Attributes): MatchExpression {
  const name = attributes.required(attributes.string(NFTA_MATCH_NAME), 'NFTA_MATCH_NAME');
  const revision = attributes.required(attributes.u32be(NFTA_MATCH_REV), 'NFTA_MATCH_REV');
  const info = attributes.required(attributes.bytes(NFTA_MATCH_INFO), 'NFTA_MATCH_INFO');
  return { kind: 'match', name, revision, info };
}
