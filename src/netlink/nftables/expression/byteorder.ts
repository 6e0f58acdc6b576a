// byteorder: turns the numbers in a register between network and host byte order.
// `meta length` against a set in network order is [ meta load len => reg 1 ] [ byteorder reg 1 = hton(reg 1, 4, 4) ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { codeTable } from '../../code-table';
import type { Register } from './register';

const NFTA_BYTEORDER_SREG = 1;
const NFTA_BYTEORDER_DREG = 2;
const NFTA_BYTEORDER_OP = 3;
const NFTA_BYTEORDER_LEN = 4;
const NFTA_BYTEORDER_SIZE = 5;

export const BYTEORDER_OPERATIONS = codeTable({ ntoh: 0, hton: 1 });
export type ByteorderOperation = (typeof BYTEORDER_OPERATIONS.names)[number];

export interface ByteorderExpression {
  readonly kind: 'byteorder';
  readonly source: Register;
  readonly destination: Register;
  readonly operation: ByteorderOperation;
  /** Bytes in all. */
  readonly length: number;
  /** Bytes of one number: 2, 4 or 8. */
  readonly size: number;
}

export function encodeByteorder(writer: AttributeWriter, expression: ByteorderExpression): void {
  writer.u32be(NFTA_BYTEORDER_SREG, expression.source);
  writer.u32be(NFTA_BYTEORDER_DREG, expression.destination);
  writer.u32be(NFTA_BYTEORDER_OP, BYTEORDER_OPERATIONS.code(expression.operation));
  writer.u32be(NFTA_BYTEORDER_LEN, expression.length);
  writer.u32be(NFTA_BYTEORDER_SIZE, expression.size);
}

/** undefined for a newer operation. */
export function decodeByteorder(attributes: Attributes): ByteorderExpression | undefined {
  const source = attributes.required(attributes.u32be(NFTA_BYTEORDER_SREG), 'NFTA_BYTEORDER_SREG');
  const destination = attributes.required(attributes.u32be(NFTA_BYTEORDER_DREG), 'NFTA_BYTEORDER_DREG');
  const operation = BYTEORDER_OPERATIONS.name(
    attributes.required(attributes.u32be(NFTA_BYTEORDER_OP), 'NFTA_BYTEORDER_OP'),
  );
  const length = attributes.required(attributes.u32be(NFTA_BYTEORDER_LEN), 'NFTA_BYTEORDER_LEN');
  const size = attributes.required(attributes.u32be(NFTA_BYTEORDER_SIZE), 'NFTA_BYTEORDER_SIZE');
  if (operation === undefined) return undefined;
  return { kind: 'byteorder', source, destination, operation, length, size };
}
