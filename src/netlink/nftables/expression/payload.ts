// payload: copies bytes of the packet into a register. Past the end of the packet, and for a transport header that is
// not in this fragment, the rule stops without a match.
// `ip saddr` is [ payload load 4b @ network header + 12 => reg 1 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { codeTable } from '../../code-table';
import type { Register } from './register';

const NFTA_PAYLOAD_DREG = 1;
const NFTA_PAYLOAD_BASE = 2;
const NFTA_PAYLOAD_OFFSET = 3;
const NFTA_PAYLOAD_LEN = 4;

export const PAYLOAD_BASES = codeTable({ link: 0, network: 1, transport: 2, inner: 3 });
export type PayloadBase = (typeof PAYLOAD_BASES.names)[number];

export interface PayloadExpression {
  readonly kind: 'payload';
  readonly base: PayloadBase;
  /** Bytes from the base. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  readonly destination: Register;
}

export function encodePayload(writer: AttributeWriter, expression: PayloadExpression): void {
  writer.u32be(NFTA_PAYLOAD_DREG, expression.destination);
  writer.u32be(NFTA_PAYLOAD_BASE, PAYLOAD_BASES.code(expression.base));
  writer.u32be(NFTA_PAYLOAD_OFFSET, expression.offset);
  writer.u32be(NFTA_PAYLOAD_LEN, expression.length);
}

/** undefined for a payload write (NFTA_PAYLOAD_SREG) and for newer bases. */
export function decodePayload(attributes: Attributes): PayloadExpression | undefined {
  const destination = attributes.u32be(NFTA_PAYLOAD_DREG);
  const base = PAYLOAD_BASES.name(attributes.required(attributes.u32be(NFTA_PAYLOAD_BASE), 'NFTA_PAYLOAD_BASE'));
  if (destination === undefined || base === undefined) return undefined;
  const offset = attributes.required(attributes.u32be(NFTA_PAYLOAD_OFFSET), 'NFTA_PAYLOAD_OFFSET');
  const length = attributes.required(attributes.u32be(NFTA_PAYLOAD_LEN), 'NFTA_PAYLOAD_LEN');
  return { kind: 'payload', base, offset, length, destination };
}
