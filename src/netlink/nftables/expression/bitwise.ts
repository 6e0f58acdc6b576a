// bitwise: destination = (source & mask) ^ xor.
// `ip saddr & 255.128.0.0` is [ bitwise reg 1 = ( reg 1 & 0x000080ff ) ^ 0x00000000 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeValue, encodeValue } from '../data';
import type { Register } from './register';

const NFTA_BITWISE_SREG = 1;
const NFTA_BITWISE_DREG = 2;
const NFTA_BITWISE_LEN = 3;
const NFTA_BITWISE_MASK = 4;
const NFTA_BITWISE_XOR = 5;
const NFTA_BITWISE_OP = 6;
const NFT_BITWISE_MASK_XOR = 0;

export interface BitwiseExpression {
  readonly kind: 'bitwise';
  readonly source: Register;
  readonly destination: Register;
  /** Bytes of mask and xor. */
  readonly length: number;
  readonly mask: Uint8Array;
  readonly xor: Uint8Array;
}

/** Without NFTA_BITWISE_OP, which the kernel takes as mask and xor; nft leaves it out too where it masks a prefix. */
export function encodeBitwise(writer: AttributeWriter, expression: BitwiseExpression): void {
  writer.u32be(NFTA_BITWISE_SREG, expression.source);
  writer.u32be(NFTA_BITWISE_DREG, expression.destination);
  writer.u32be(NFTA_BITWISE_LEN, expression.length);
  encodeValue(writer, NFTA_BITWISE_MASK, expression.mask);
  encodeValue(writer, NFTA_BITWISE_XOR, expression.xor);
}

/** undefined for the shifts and for operations with two registers (Linux 6.13). */
export function decodeBitwise(attributes: Attributes): BitwiseExpression | undefined {
  const source = attributes.required(attributes.u32be(NFTA_BITWISE_SREG), 'NFTA_BITWISE_SREG');
  const destination = attributes.required(attributes.u32be(NFTA_BITWISE_DREG), 'NFTA_BITWISE_DREG');
  const length = attributes.required(attributes.u32be(NFTA_BITWISE_LEN), 'NFTA_BITWISE_LEN');
  const operation = attributes.u32be(NFTA_BITWISE_OP) ?? NFT_BITWISE_MASK_XOR;
  const mask = decodeValue(attributes, NFTA_BITWISE_MASK);
  const xor = decodeValue(attributes, NFTA_BITWISE_XOR);
  if (operation !== NFT_BITWISE_MASK_XOR || mask === undefined || xor === undefined) return undefined;
  return { kind: 'bitwise', source, destination, length, mask, xor };
}
