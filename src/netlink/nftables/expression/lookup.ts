// lookup: looks a register up in a set; in a map it loads what was found into the destination, which for a verdict map
// is the verdict register. `ip saddr @hosts` is [ lookup reg 1 set hosts ], `tcp dport vmap @ports` is
// [ lookup reg 1 set ports dreg 0 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { present } from '../../present';
import type { Register } from './register';

const NFTA_LOOKUP_SET = 1;
const NFTA_LOOKUP_SREG = 2;
const NFTA_LOOKUP_DREG = 3;
const NFTA_LOOKUP_SET_ID = 4;
const NFTA_LOOKUP_FLAGS = 5;
const NFT_LOOKUP_F_INV = 1;

export interface LookupExpression {
  readonly kind: 'lookup';
  readonly source: Register;
  readonly set: string;
  /** Names a set of the same transaction whose name the kernel is still to choose ('__set%d'). */
  readonly setId?: number;
  readonly invert: boolean;
  readonly destination?: Register;
}

export function encodeLookup(writer: AttributeWriter, expression: LookupExpression): void {
  writer.u32be(NFTA_LOOKUP_SREG, expression.source);
  if (expression.destination !== undefined) writer.u32be(NFTA_LOOKUP_DREG, expression.destination);
  writer.string(NFTA_LOOKUP_SET, expression.set);
  if (expression.setId !== undefined) writer.u32be(NFTA_LOOKUP_SET_ID, expression.setId);
  if (expression.invert) writer.u32be(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
}

/** undefined for newer flags. */
export function decodeLookup(attributes: Attributes): LookupExpression | undefined {
  const set = attributes.required(attributes.string(NFTA_LOOKUP_SET), 'NFTA_LOOKUP_SET');
  const source = attributes.required(attributes.u32be(NFTA_LOOKUP_SREG), 'NFTA_LOOKUP_SREG');
  const destination = attributes.u32be(NFTA_LOOKUP_DREG);
  const setId = attributes.u32be(NFTA_LOOKUP_SET_ID);
  const flags = attributes.u32be(NFTA_LOOKUP_FLAGS) ?? 0;
  if ((flags & ~NFT_LOOKUP_F_INV) !== 0) return undefined;
  return present({ kind: 'lookup' as const, source, set, setId, invert: flags === NFT_LOOKUP_F_INV, destination });
}
