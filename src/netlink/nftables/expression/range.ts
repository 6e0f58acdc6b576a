// range: tests whether a register lies in a closed range, most significant byte first.
// `!= 80-90` is [ range neq reg 1 0x00005000 0x00005a00 ]; for the positive form nft sends two comparisons instead.

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { codeTable } from '../../code-table';
import { decodeValue, encodeValue } from '../data';
import type { Register } from './register';

const NFTA_RANGE_SREG = 1;
const NFTA_RANGE_OP = 2;
const NFTA_RANGE_FROM_DATA = 3;
const NFTA_RANGE_TO_DATA = 4;

export const RANGE_OPERATORS = codeTable({ eq: 0, neq: 1 });
export type RangeOperator = (typeof RANGE_OPERATORS.names)[number];

export interface RangeExpression {
  readonly kind: 'range';
  readonly source: Register;
  readonly operator: RangeOperator;
  readonly from: Uint8Array;
  /** Inclusive; as long as `from`. */
  readonly to: Uint8Array;
}

export function encodeRange(writer: AttributeWriter, expression: RangeExpression): void {
  writer.u32be(NFTA_RANGE_SREG, expression.source);
  writer.u32be(NFTA_RANGE_OP, RANGE_OPERATORS.code(expression.operator));
  encodeValue(writer, NFTA_RANGE_FROM_DATA, expression.from);
  encodeValue(writer, NFTA_RANGE_TO_DATA, expression.to);
}

/** undefined for a newer operator. */
export function decodeRange(attributes: Attributes): RangeExpression | undefined {
  const source = attributes.required(attributes.u32be(NFTA_RANGE_SREG), 'NFTA_RANGE_SREG');
  const operator = RANGE_OPERATORS.name(attributes.required(attributes.u32be(NFTA_RANGE_OP), 'NFTA_RANGE_OP'));
  const from = attributes.required(decodeValue(attributes, NFTA_RANGE_FROM_DATA), 'NFTA_RANGE_FROM_DATA');
  const to = attributes.required(decodeValue(attributes, NFTA_RANGE_TO_DATA), 'NFTA_RANGE_TO_DATA');
  return operator === undefined ? undefined : { kind: 'range', source, operator, from, to };
}
