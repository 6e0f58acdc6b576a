// exthdr: copies bytes of an IPv6 extension header, a TCP or an IPv4 option, or loads whether it is there at all
// (`presence`: one byte, 1 or 0). Without `presence` the rule stops without a match when the header is absent.
// `frag frag-off` is [ exthdr load ipv6 2b @ 44 + 2 => reg 1 ].

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { codeTable } from '../../code-table';
import type { Register } from './register';

const NFTA_EXTHDR_DREG = 1;
const NFTA_EXTHDR_TYPE = 2;
const NFTA_EXTHDR_OFFSET = 3;
const NFTA_EXTHDR_LEN = 4;
const NFTA_EXTHDR_FLAGS = 5;
const NFTA_EXTHDR_OP = 6;
const NFT_EXTHDR_F_PRESENT = 1;

export const EXTHDR_PROTOCOLS = codeTable({ ipv6: 0, tcp_option: 1, ipv4_option: 2, sctp_chunk: 3, dccp_option: 4 });
export type ExthdrProtocol = (typeof EXTHDR_PROTOCOLS.names)[number];

export interface ExthdrExpression {
  readonly kind: 'exthdr';
  readonly protocol: ExthdrProtocol;
  /** Next-header number or option kind. */
  readonly type: number;
  /** Bytes from the start of the header or option. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  readonly presence: boolean;
  readonly destination: Register;
}

export function encodeExthdr(writer: AttributeWriter, expression: ExthdrExpression): void {
  writer.u32be(NFTA_EXTHDR_DREG, expression.destination);
  writer.u8(NFTA_EXTHDR_TYPE, expression.type);
  writer.u32be(NFTA_EXTHDR_OFFSET, expression.offset);
  writer.u32be(NFTA_EXTHDR_LEN, expression.length);
  writer.u32be(NFTA_EXTHDR_OP, EXTHDR_PROTOCOLS.code(expression.protocol));
  writer.u32be(NFTA_EXTHDR_FLAGS, expression.presence ? NFT_EXTHDR_F_PRESENT : 0);
}

/** undefined for writes (NFTA_EXTHDR_SREG), newer protocols and newer flags. */
export function decodeExthdr(attributes: Attributes): ExthdrExpression | undefined {
  const destination = attributes.u32be(NFTA_EXTHDR_DREG);
  const type = attributes.required(attributes.u8(NFTA_EXTHDR_TYPE), 'NFTA_EXTHDR_TYPE');
  const offset = attributes.u32be(NFTA_EXTHDR_OFFSET);
  const length = attributes.u32be(NFTA_EXTHDR_LEN);
  const protocol = EXTHDR_PROTOCOLS.name(attributes.u32be(NFTA_EXTHDR_OP) ?? 0);
  const flags = attributes.u32be(NFTA_EXTHDR_FLAGS) ?? 0;
  if (destination === undefined || offset === undefined || length === undefined) return undefined;
  if (protocol === undefined || (flags & ~NFT_EXTHDR_F_PRESENT) !== 0) return undefined;
  return { kind: 'exthdr', protocol, type, offset, length, presence: flags === NFT_EXTHDR_F_PRESENT, destination };
}
