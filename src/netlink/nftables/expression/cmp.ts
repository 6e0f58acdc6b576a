// cmp: compares the first bytes of a register with a constant, as memcmp does: most significant byte first. A value
// shorter than what was loaded is a prefix match, which is how nft writes 10.0.0.0/8 and iifname "eth*".
// `== 10.0.0.1` is [ cmp eq reg 1 0x0100000a ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { codeTable } from '../../code-table';
import { decodeValue, encodeValue } from '../data';
import type { Register } from './register';

const NFTA_CMP_SREG = 1;
const NFTA_CMP_OP = 2;
const NFTA_CMP_DATA = 3;

export const CMP_OPERATORS = codeTable({ eq: 0, neq: 1, lt: 2, lte: 3, gt: 4, gte: 5 });
export type CmpOperator = (typeof CMP_OPERATORS.names)[number];

export interface CmpExpression {
  readonly kind: 'cmp';
  readonly source: Register;
  readonly operator: CmpOperator;
  readonly value: Uint8Array;
}

export function encodeCmp(writer: AttributeWriter, expression: CmpExpression): void {
  writer.u32be(NFTA_CMP_SREG, expression.source);
  writer.u32be(NFTA_CMP_OP, CMP_OPERATORS.code(expression.operator));
  encodeValue(writer, NFTA_CMP_DATA, expression.value);
}

/** undefined for a newer operator. */
export function decodeCmp(attributes: Attributes): CmpExpression | undefined {
  const source = attributes.required(attributes.u32be(NFTA_CMP_SREG), 'NFTA_CMP_SREG');
  const operator = CMP_OPERATORS.name(attributes.required(attributes.u32be(NFTA_CMP_OP), 'NFTA_CMP_OP'));
  const value = attributes.required(decodeValue(attributes, NFTA_CMP_DATA), 'NFTA_CMP_DATA');
  return operator === undefined ? undefined : { kind: 'cmp', source, operator, value };
}
