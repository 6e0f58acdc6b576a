// An expression that this layer does not model, or that carries attributes newer than it: its name and its data as they
// came, so that it is written back as it was read and never mistaken for something simpler.

import { NLA_F_NESTED } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';

const NFTA_EXPR_DATA = 2;

export interface UnknownExpression {
  readonly kind: 'unknown';
  readonly name: string;
  /** Attributes; absent when the expression has none, as `notrack`. */
  readonly data?: Uint8Array;
}

/** Appends NFTA_EXPR_DATA itself, which may be absent. */
export function encodeUnknown(writer: AttributeWriter, expression: UnknownExpression): void {
  if (expression.data !== undefined) writer.bytes(NFTA_EXPR_DATA | NLA_F_NESTED, expression.data);
}
