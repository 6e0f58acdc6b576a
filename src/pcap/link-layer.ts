// Takes the link layer off a captured frame: what is left begins at the IPv4 or IPv6 header, as netfilter sees it.
// Nothing of the IP header is believed or checked here, and bytes behind the IP packet (Ethernet padding, a frame check
// sequence) stay: whoever reads the packet cuts it at its own length, as the kernel does on receipt.

import type { Frame } from './frame';

export interface IpPacket {
  /** What the link layer says the packet is, which is what the kernel goes by too. */
  readonly family: 4 | 6;
  /** Shares the frame's memory. */
  readonly packet: Uint8Array;
}

export interface Skipped {
  /** Such as 'ethertype 0x0806'. */
  readonly skipped: string;
}

export type LinkLayerResult = IpPacket | Skipped;

// https://www.tcpdump.org/linktypes.html. RAW is 101 in files; 12 and 14 are the DLT_RAW of BSDs that some writers put.
const LINK_LAYERS: ReadonlyMap<number, (bytes: Uint8Array) => LinkLayerResult> = new Map([
  [0, loopbackOfHostOrder],
  [1, ethernet],
  [12, raw],
  [14, raw],
  [101, raw],
  [108, loopback],
  [113, linuxCooked],
  [228, (bytes: Uint8Array): LinkLayerResult => ({ family: 4, packet: bytes })],
  [229, (bytes: Uint8Array): LinkLayerResult => ({ family: 6, packet: bytes })],
  [276, linuxCooked2],
]);

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** 802.1Q, 802.1ad, and what was used for the outer tag before 802.1ad. */
const VLAN_ETHERTYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
/** Below it the field is a length and an 802.2 header follows (IEEE 802.3, 3.2.6). */
const SMALLEST_ETHERTYPE = 0x0600;

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on Darwin. */
const AF_INET = 2;
const AF_INET6: ReadonlySet<number> = new Set([10, 24, 28, 30]);

export function ipPacketOf(frame: Pick<Frame, 'linkType' | 'bytes'>): LinkLayerResult {
  const linkLayer = LINK_LAYERS.get(frame.linkType);
  return linkLayer === undefined ? { skipped: `link type ${frame.linkType}` } : linkLayer(frame.bytes);
}

function raw(bytes: Uint8Array): LinkLayerResult {
  const first = bytes[0];
  if (first === undefined) return { skipped: 'empty frame' };
  const version = first >> 4;
  if (version === 4 || version === 6) return { family: version, packet: bytes };
  return { skipped: `IP version ${version}` };
}

/** Destination, source, any number of VLAN tags, type. */
function ethernet(bytes: Uint8Array): LinkLayerResult {
  let offset = 12;
  let type = uint16(bytes, offset);
  while (type !== undefined && VLAN_ETHERTYPES.has(type)) {
    offset += 4;
    type = uint16(bytes, offset);
  }
  return type === undefined ? { skipped: 'truncated link layer' } : byEthertype(type, bytes.subarray(offset + 2));
}

/** LINUX_SLL: packet type, device type, address length, address (8), protocol; big-endian. */
function linuxCooked(bytes: Uint8Array): LinkLayerResult {
  const type = uint16(bytes, 14);
  return type === undefined ? { skipped: 'truncated link layer' } : byEthertype(type, bytes.subarray(16));
}

/** LINUX_SLL2: protocol first, then 18 bytes about the interface and the address. */
function linuxCooked2(bytes: Uint8Array): LinkLayerResult {
  const type = uint16(bytes, 0);
  if (type === undefined || bytes.length < 20) return { skipped: 'truncated link layer' };
  return byEthertype(type, bytes.subarray(20));
}

function byEthertype(type: number, packet: Uint8Array): LinkLayerResult {
  if (type === ETHERTYPE_IPV4) return { family: 4, packet };
  if (type === ETHERTYPE_IPV6) return { family: 6, packet };
  if (type < SMALLEST_ETHERTYPE) return { skipped: '802.2 frame' };
  return { skipped: `ethertype 0x${type.toString(16).padStart(4, '0')}` };
}

/** LOOP: the address family as 32 bits in network byte order. */
function loopback(bytes: Uint8Array): LinkLayerResult {
  if (bytes.length < 4) return { skipped: 'truncated link layer' };
  return byAddressFamily(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), bytes.subarray(4));
}

/** NULL: the same in the byte order of the capturing host. Families are below 2^16, which shows the order. */
function loopbackOfHostOrder(bytes: Uint8Array): LinkLayerResult {
  if (bytes.length < 4) return { skipped: 'truncated link layer' };
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const bigEndian = view.getUint32(0);
  return byAddressFamily(bigEndian > 0xffff ? view.getUint32(0, true) : bigEndian, bytes.subarray(4));
}

function byAddressFamily(addressFamily: number, packet: Uint8Array): LinkLayerResult {
  if (addressFamily === AF_INET) return { family: 4, packet };
  if (AF_INET6.has(addressFamily)) return { family: 6, packet };
  return { skipped: `address family ${addressFamily}` };
}

/** Big-endian; undefined past the end. */
function uint16(bytes: Uint8Array, offset: number): number | undefined {
  const high = bytes[offset];
  const low = bytes[offset + 1];
  return high === undefined || low === undefined ? undefined : (high << 8) | low;
}
