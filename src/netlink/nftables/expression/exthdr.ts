// exthdr: copies bytes of an IPv6 extension header, a TCP or an IPv4 option, or loads whether it is there at all
// (`presence`: one byte, 1 or 0). Without `presence` the rule stops without a match when the header is absent.
// `frag frag-off` is [ exthdr load ipv6 2b @ 44 + 2 => reg 1 ]. With a source register it writes into a TCP option that is
// there: `tcp option maxseg size set 1400` is [ immediate reg 1 0x00007805 ] [ exthdr write tcpopt reg 1 => 2b @ 2 + 2 ].

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
const NFTA_EXTHDR_SREG = 7;
const NFT_EXTHDR_F_PRESENT = 1;

export const EXTHDR_PROTOCOLS = codeTable({ ipv6: 0, tcp_option: 1, ipv4_option: 2, sctp_chunk: 3, dccp_option: 4 });
export type ExthdrProtocol = (typeof EXTHDR_PROTOCOLS.names)[number];

interface ExthdrPlace {
  readonly protocol: ExthdrProtocol;
  /** Next-header number or option kind. */
  readonly type: number;
  /** Bytes from the start of the header or option. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

export interface ExthdrExpression extends ExthdrPlace {
  readonly kind: 'exthdr';
  readonly presence: boolean;
  readonly destination: Register;
}

/** The checksum is mended. A maximum segment size (option 2) is only ever lowered. */
export interface ExthdrSetExpression extends ExthdrPlace {
  readonly kind: 'exthdr_set';
  /** The kernel writes TCP options alone, of 2 or 4 bytes. */
  readonly source: Register;
}

export function encodeExthdr(writer: AttributeWriter, expression: ExthdrExpression | ExthdrSetExpression): void {
  if (expression.kind === 'exthdr') writer.u32be(NFTA_EXTHDR_DREG, expression.destination);
  else writer.u32be(NFTA_EXTHDR_SREG, expression.source);
  writer.u8(NFTA_EXTHDR_TYPE, expression.type);
  writer.u32be(NFTA_EXTHDR_OFFSET, expression.offset);
  writer.u32be(NFTA_EXTHDR_LEN, expression.length);
  writer.u32be(NFTA_EXTHDR_OP, EXTHDR_PROTOCOLS.code(expression.protocol));
  if (expression.kind === 'exthdr') writer.u32be(NFTA_EXTHDR_FLAGS, expression.presence ? NFT_EXTHDR_F_PRESENT : 0);
}

/** undefined for newer protocols and newer flags. */
export function decodeExthdr(attributes: Attributes): ExthdrExpression | ExthdrSetExpression | undefined {
  const destination = attributes.u32be(NFTA_EXTHDR_DREG);
  const source = attributes.u32be(NFTA_EXTHDR_SREG);
  const place = decodePlace(attributes);
  const flags = attributes.u32be(NFTA_EXTHDR_FLAGS) ?? 0;
  if (place === undefined || (flags & ~NFT_EXTHDR_F_PRESENT) !== 0) return undefined;
  if (destination === undefined)
    return source === undefined || flags !== 0 ? undefined : { kind: 'exthdr_set', ...place, source };
  return source === undefined
    ? { kind: 'exthdr', ...place, presence: flags === NFT_EXTHDR_F_PRESENT, destination }
    : undefined;
}

function decodePlace(attributes: Attributes): ExthdrPlace | undefined {
  const type = attributes.required(attributes.u8(NFTA_EXTHDR_TYPE), 'NFTA_EXTHDR_TYPE');
  const offset = attributes.u32be(NFTA_EXTHDR_OFFSET);
  const length = attributes.u32be(NFTA_EXTHDR_LEN);
  const protocol = EXTHDR_PROTOCOLS.name(attributes.u32be(NFTA_EXTHDR_OP) ?? 0);
  if (offset === undefined || length === undefined || protocol === undefined) return undefined;
  return { protocol, type, offset, length };
}
