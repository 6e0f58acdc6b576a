// Packets are written out byte by byte: what the kernel's nf_tables would find in each is known from its source
// (nft_set_pktinfo_ipv4, nft_set_pktinfo_ipv6, ipv6_find_hdr), not from the code under test.

import { bounds, dissect, type Segment } from '../../src/packet/packet';

function hex(...parts: readonly string[]): Uint8Array {
  return Buffer.from(parts.join('').replaceAll(' ', ''), 'hex');
}

const SRC4 = '0a000001';
const DST4 = '0a000002';
const SRC6 = '20010db8000000000000000000000001';
const DST6 = '20010db8000000000000000000000002';
const UDP8 = '13c4 13c4 000c 0000';
const TCP20 = '0050 01bb 00000001 00000002 5012 ffff 0000 0000';

/** version and header length, total length, flags and offset, protocol */
function ipv4(ihl: string, length: string, fragment: string, protocol: string, rest: string): Uint8Array {
  return hex(ihl, '00', length, '0001', fragment, '40', protocol, '0000', SRC4, DST4, rest);
}

function ipv6(length: string, nextHeader: string, rest: string): Uint8Array {
  return hex('60000000', length, nextHeader, '40', SRC6, DST6, rest);
}

type Found = readonly [l4proto: number | undefined, transport: number | undefined, length: number];

describe('dissect finds', () => {
  test.each<[string, Uint8Array, Found]>([
    ['UDP in IPv4', ipv4('45', '0020', '0000', '11', `${UDP8} 61626364`), [17, 20, 32]],
    ['the header behind IPv4 options', ipv4('46', '0020', '0000', '11', `01010101 ${UDP8}`), [17, 24, 32]],
    ['no padding behind the total length', ipv4('45', '001c', '0000', '11', `${UDP8} ffffffff`), [17, 20, 28]],
    ['everything where the total length is below the header', ipv4('45', '0004', '0000', '11', UDP8), [17, 20, 28]],
    ['a first fragment with its header', ipv4('45', '001c', '2000', '11', UDP8), [17, 20, 28]],
    ['no transport header in a later fragment', ipv4('45', '001c', '0001', '11', UDP8), [17, undefined, 28]],
    ['UDP in IPv6', ipv6('0008', '11', UDP8), [17, 40, 48]],
    ['UDP behind hop-by-hop options', ipv6('0010', '00', `1100010400000000 ${UDP8}`), [17, 48, 56]],
    ['UDP behind a long routing header', ipv6('0018', '2b', `1101000000000000 0000000000000000 ${UDP8}`), [17, 56, 64]],
    ['a first IPv6 fragment', ipv6('0010', '2c', `1100000100000001 ${UDP8}`), [17, 48, 56]],
    ['the protocol of a later IPv6 fragment', ipv6('0010', '2c', `1100000900000001 ${UDP8}`), [17, undefined, 56]],
    [
      'no header in a first fragment with two bytes of it',
      ipv6('000a', '2c', '1100000100000001 13c4'),
      [17, undefined, 50],
    ],
    [
      'a header in a first fragment with three bytes of it',
      ipv6('000b', '2c', '1100000100000001 13c413'),
      [17, 48, 51],
    ],
    [
      'a later fragment by a second fragment header',
      ipv6('0018', '2c', `2c00000100000001 1100000900000001 ${UDP8}`),
      [17, undefined, 64],
    ],
    [
      'nothing in a later fragment of an extension header',
      ipv6('0010', '2c', `3c00000900000001 ${UDP8}`),
      [undefined, undefined, 56],
    ],
    [
      'an Authentication Header as the protocol',
      ipv6('0018', '33', `1101000000000001 00000001 00000000 ${UDP8}`),
      [51, 40, 64],
    ],
    ['a cut Authentication Header as nothing', ipv6('0001', '33', '11'), [undefined, undefined, 41]],
    ['a cut extension header as nothing', ipv6('0001', '3c', '11'), [undefined, undefined, 41]],
    ['a cut fragment header as nothing', ipv6('0003', '2c', '110000'), [undefined, undefined, 43]],
    ['"no next header" as protocol 59', ipv6('0000', '3b', ''), [59, 40, 40]],
    ['a transport header beyond the end', ipv6('0008', '3c', '11ff000000000000'), [17, 2088, 48]],
  ])('%s', (_, frame, [l4proto, transport, length]) => {
    const packet = dissect(frame);
    expect([packet?.l4proto, packet?.transport, packet?.bytes.length]).toEqual([l4proto, transport, length]);
  });
});

describe('dissect finds no packet in', () => {
  test.each<[string, Uint8Array]>([
    ['nothing', hex('')],
    ['19 bytes of IPv4', ipv4('45', '0014', '0000', '11', '').subarray(0, 19)],
    ['39 bytes of IPv6', ipv6('0000', '3b', '').subarray(0, 39)],
    ['version 5', hex(`5${'0'.repeat(79)}`)],
  ])('%s', (_, frame) => {
    expect(dissect(frame)).toBeUndefined();
  });
});

describe('bounds of', () => {
  const udp = ipv4('45', '0020', '0000', '11', `${UDP8} 61626364`);
  const tcp = ipv4('45', '002c', '0000', '06', `${TCP20} 61626364`);
  /** Data offset 7, and as the option's first byte a NOP: the value lies at 20 + 20 + 1 + 2. */
  const withMss = (option: string) =>
    ipv4('45', '0030', '0000', '06', `${TCP20.replace('5012', '7012')} 01 ${option} 010101`);
  test.each<[string, Uint8Array, Segment, { start: number; end: number } | undefined]>([
    ['the network segment are the whole packet', udp, 'network', { start: 0, end: 32 }],
    ['the transport segment begin at the header', udp, 'transport', { start: 20, end: 32 }],
    ['the UDP payload begin 8 bytes later', udp, 'udp_payload', { start: 28, end: 32 }],
    ['the UDP payload of TCP are absent', tcp, 'udp_payload', undefined],
    ['the TCP payload begin behind the data offset', tcp, 'tcp_payload', { start: 40, end: 44 }],
    ['the TCP payload of UDP are absent', udp, 'tcp_payload', undefined],
    ['an empty payload are empty', ipv4('45', '001c', '0000', '11', UDP8), 'udp_payload', { start: 28, end: 28 }],
    [
      'a payload behind a cut header are absent',
      ipv4('45', '001a', '0000', '11', '13c413c4000c'),
      'udp_payload',
      undefined,
    ],
    [
      'a TCP payload with data offset 4 are absent',
      ipv4('45', '0028', '0000', '06', TCP20.replace('5012', '4012')),
      'tcp_payload',
      undefined,
    ],
    [
      'a TCP payload beyond the end are absent',
      ipv4('45', '0028', '0000', '06', TCP20.replace('5012', '6012')),
      'tcp_payload',
      undefined,
    ],
    ['a Maximum Segment Size are its two value bytes', withMss('02040218'), 'tcp_mss', { start: 43, end: 45 }],
    ['a Maximum Segment Size behind the end of the list are absent', withMss('00040218'), 'tcp_mss', undefined],
    ['a Maximum Segment Size in UDP are absent', udp, 'tcp_mss', undefined],
    [
      'a Fragment header begin behind what it follows',
      ipv6('0018', '3c', `2c00010400000000 1100000900000001 ${UDP8}`),
      'fragment_header',
      { start: 48, end: 64 },
    ],
    [
      'a Fragment header behind an Authentication Header of 12 bytes',
      ipv6('001c', '33', `2c01000000000001 00000000 1100000900000001 ${UDP8}`),
      'fragment_header',
      { start: 52, end: 68 },
    ],
    [
      'two Fragment headers are those of the first',
      ipv6('0018', '2c', `2c00000100000001 1100000900000001 ${UDP8}`),
      'fragment_header',
      { start: 40, end: 64 },
    ],
    ['a Fragment header of three bytes are absent', ipv6('0003', '2c', '110000'), 'fragment_header', undefined],
    [
      'a Fragment header of four bytes are they',
      ipv6('0004', '2c', '11000009'),
      'fragment_header',
      { start: 40, end: 44 },
    ],
    ['a Fragment header of a packet without one are absent', ipv6('0008', '11', UDP8), 'fragment_header', undefined],
    ['a Fragment header of IPv4 are absent', udp, 'fragment_header', undefined],
    ['a later fragment have no transport', ipv4('45', '001c', '0001', '11', UDP8), 'transport', undefined],
  ])('%s', (_, frame, segment, expected) => {
    const packet = dissect(frame);
    expect(packet && bounds(packet, segment)).toEqual(expected);
  });
});
