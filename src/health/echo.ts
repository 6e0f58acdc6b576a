// Probes as packets: ICMP echo (RFC 792, RFC 4443), with what makes an answer ours behind the header. Nobody who has not
// seen a probe can answer it: the token is random and each probe's own.

import { printAddress } from '../net/address';
import { ipPacket, type Transport } from '../packet/build';
import type { ProbePath } from './probe-path';

export interface Echo {
  readonly identifier: number;
  readonly sequence: number;
  /** Whose probe it is, among all tunnels that one process probes. */
  readonly prober: number;
  readonly token: Uint8Array;
}

export const TOKEN_BYTES = 16;

const ICMP = { 4: { protocol: 1, reply: 0, request: 8 }, 6: { protocol: 58, reply: 129, request: 128 } } as const;

/** Of the ICMP header; prober and token follow. */
const HEADER = 8;
const PROBER = 4;

export function probePacket({ icmp, family, source, destination }: ProbePath, echo: Echo): Uint8Array {
  const bytes = Buffer.alloc(HEADER + PROBER + TOKEN_BYTES);
  bytes[0] = ICMP[family][icmp];
  bytes.writeUInt16BE(echo.identifier, 4);
  bytes.writeUInt16BE(echo.sequence, 6);
  bytes.writeUInt32BE(echo.prober, HEADER);
  bytes.set(echo.token, HEADER + PROBER);
  const { protocol } = ICMP[family];
  const transport: Transport = { protocol, bytes, checksum: { at: 2, pseudoHeader: family === 6 } };
  return ipPacket({ source: printAddress(source), destination: printAddress(destination) }, transport);
}

/** What comes back for a probe: a reply is routed as it is, a request is answered. */
export function answerPacket(path: ProbePath, echo: Echo): Uint8Array {
  if (path.icmp === 'reply') return probePacket(path, echo);
  return probePacket({ ...path, icmp: 'reply', source: path.destination, destination: path.source }, echo);
}

/**
 * What a raw socket received: an IPv4 packet with its header, or ICMPv6 without. undefined for all that is no echo reply
 * with a probe's payload; its checksum is not looked at, for the token is compared.
 */
export function answerOf(family: 4 | 6, datagram: Uint8Array): Echo | undefined {
  const packet = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  const icmp = packet.subarray(family === 4 ? ((packet[0] ?? 0) & 0x0f) * 4 : 0);
  if (icmp.length !== HEADER + PROBER + TOKEN_BYTES || icmp[0] !== ICMP[family].reply || icmp[1] !== 0)
    return undefined;
  return {
    identifier: icmp.readUInt16BE(4),
    sequence: icmp.readUInt16BE(6),
    prober: icmp.readUInt32BE(HEADER),
    token: icmp.subarray(HEADER + PROBER),
  };
}
