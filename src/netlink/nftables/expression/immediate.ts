// immediate: loads a constant into a register; into the verdict register it is the rule's verdict.
// `drop` is [ immediate reg 0 drop ], `meta mark set 7` begins with [ immediate reg 1 0x00000007 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeData, encodeValue, encodeVerdict, type Verdict } from '../data';
import { NFT_REG_VERDICT, type Register } from './register';

const NFTA_IMMEDIATE_DREG = 1;
const NFTA_IMMEDIATE_DATA = 2;

export interface ImmediateExpression {
  readonly kind: 'immediate';
  readonly destination: Register;
  readonly value: Uint8Array;
}

export interface VerdictExpression {
  readonly kind: 'verdict';
  readonly verdict: Verdict;
}

export function encodeImmediate(writer: AttributeWriter, expression: ImmediateExpression | VerdictExpression): void {
  if (expression.kind === 'verdict') {
    writer.u32be(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    encodeVerdict(writer, NFTA_IMMEDIATE_DATA, expression.verdict);
  } else {
    writer.u32be(NFTA_IMMEDIATE_DREG, expression.destination);
    encodeValue(writer, NFTA_IMMEDIATE_DATA, expression.value);
  }
}

/** undefined when data and register do not fit together. */
export function decodeImmediate(attributes: Attributes): ImmediateExpression | VerdictExpression | undefined {
  const destination = attributes.required(attributes.u32be(NFTA_IMMEDIATE_DREG), 'NFTA_IMMEDIATE_DREG');
  const data = attributes.required(decodeData(attributes, NFTA_IMMEDIATE_DATA), 'NFTA_IMMEDIATE_DATA');
  if (data.kind === 'value') return { kind: 'immediate', destination, value: data.value };
  return destination === NFT_REG_VERDICT ? { kind: 'verdict', verdict: data.verdict } : undefined;
}
