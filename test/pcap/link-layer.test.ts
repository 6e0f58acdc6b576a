// Frames of each link type, and the IP packet or the reason that must come out.

import { ipPacketOf } from '../../src/pcap/link-layer';
import { bytesOf } from './capture-file';

const MACS = '0200000000010200000000 02';

test.each<[string, number, string, 4 | 6 | string, string]>([
  ['RAW, IPv4', 101, '4500', 4, '4500'],
  ['RAW, IPv6', 101, '6000', 6, '6000'],
  ['RAW of OpenBSD', 14, '4500', 4, '4500'],
  ['RAW of other BSDs', 12, '6000', 6, '6000'],
  ['RAW, no IP version', 101, '0000', 'IP version 0', ''],
  ['RAW, nothing', 101, '', 'empty frame', ''],
  ['IPV4 goes by the link type, whatever the first byte says', 228, '6000', 4, '6000'],
  ['IPV6', 229, '6000', 6, '6000'],
  ['IPV6, nothing', 229, '', 6, ''],
  ['Ethernet, IPv4', 1, `${MACS} 0800 4500`, 4, '4500'],
  ['Ethernet, IPv6', 1, `${MACS} 86dd 6000`, 6, '6000'],
  ['Ethernet, IPv4 and no byte of it', 1, `${MACS} 0800`, 4, ''],
  ['Ethernet, padding stays', 1, `${MACS} 0800 4500 000000`, 4, '4500000000'],
  ['Ethernet, one 802.1Q tag', 1, `${MACS} 8100 0064 86dd 6000`, 6, '6000'],
  ['Ethernet, 802.1ad outside 802.1Q', 1, `${MACS} 88a8 0064 8100 0065 0800 4500`, 4, '4500'],
  ['Ethernet, 0x9100 outside 802.1Q', 1, `${MACS} 9100 0064 8100 0065 0800 4500`, 4, '4500'],
  ['Ethernet, cut inside a tag', 1, `${MACS} 8100 00`, 'truncated link layer', ''],
  ['Ethernet, cut before the type', 1, MACS, 'truncated link layer', ''],
  ['Ethernet, ARP', 1, `${MACS} 0806 0001`, 'ethertype 0x0806', ''],
  ['Ethernet, MPLS', 1, `${MACS} 8847 0001`, 'ethertype 0x8847', ''],
  ['Ethernet, length instead of a type', 1, `${MACS} 0026 4242`, '802.2 frame', ''],
  ['NULL of a little-endian host', 0, '02000000 4500', 4, '4500'],
  ['NULL of a big-endian host', 0, '00000002 4500', 4, '4500'],
  ['NULL of Darwin, IPv6', 0, '1e000000 6000', 6, '6000'],
  ['NULL, another family', 0, '07000000 6000', 'address family 7', ''],
  ['NULL, cut', 0, '020000', 'truncated link layer', ''],
  ['LOOP, IPv4', 108, '00000002 4500', 4, '4500'],
  ['LOOP of OpenBSD, IPv6', 108, '00000018 6000', 6, '6000'],
  ['LOOP, cut', 108, '00', 'truncated link layer', ''],
  ['Linux cooked, IPv4', 113, '0000 0001 0006 0200000000010000 0800 4500', 4, '4500'],
  ['Linux cooked, ARP', 113, '0000 0001 0006 0200000000010000 0806', 'ethertype 0x0806', ''],
  ['Linux cooked, cut', 113, '0000 0001', 'truncated link layer', ''],
  ['Linux cooked 2, IPv6', 276, '86dd 0000 00000002 0001 00 06 0200000000010000 6000', 6, '6000'],
  ['Linux cooked 2, cut', 276, '86dd 0000', 'truncated link layer', ''],
  ['a link type that is not read', 105, '0800', 'link type 105', ''],
])('%s', (_, linkType, frame, expected, packet) => {
  const result = ipPacketOf({ linkType, bytes: bytesOf(frame) });
  expect(result).toEqual(
    typeof expected === 'string' ? { skipped: expected } : { family: expected, packet: bytesOf(packet) },
  );
});
