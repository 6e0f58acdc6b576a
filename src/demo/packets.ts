// What the demonstration sends: for every rule of its policy a packet that the rule is for and one that just misses it.

import { icmp, ipPacket, TCP_FLAG, tcp, udp } from '../packet/build';

export interface DemoPacket {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const HOST = '192.0.2.10';
const OFFICE = '198.51.100.5';
const ORIGIN = '10.80.0.2';
const HOST6 = '2001:db8:1::10';
const ORIGIN6 = '2001:db8:80::2';
const { syn, ack, fin, psh, urg } = TCP_FLAG;

const v4 = { source: HOST, destination: ORIGIN };
const v6 = { source: HOST6, destination: ORIGIN6 };

export const DEMO_PACKETS: readonly DemoPacket[] = [
  named('ssh from the office', { ...v4, source: OFFICE }, tcp(40000, 22, syn)),
  named('ssh from the office, IPv6', { ...v6, source: '2001:db8:ff1::1' }, tcp(40000, 22, syn)),
  named('ssh from elsewhere', v4, tcp(40000, 22, syn)),
  named('ssh from elsewhere, IPv6', v6, tcp(40000, 22, syn)),
  named('port 23', v4, tcp(40000, 23, syn)),
  named('a bad host', { ...v4, source: '203.0.113.66' }, udp(40000, 53)),
  named('a bad network', { ...v4, source: '203.0.113.200' }, udp(40000, 53)),
  named('its neighbour', { ...v4, source: '203.0.113.67' }, udp(40000, 53)),
  named('a bad IPv6 host', { ...v6, source: '2001:db8:bad::66' }, udp(40000, 53)),
  named('its IPv6 neighbour', { ...v6, source: '2001:db8:bad::67' }, udp(40000, 53)),
  named('a memcached answer', v4, udp(11211, 40000, 'VALUE')),
  named('an NTP answer, IPv6', v6, udp(123, 40000)),
  named('a TCP port 123', v4, tcp(123, 8080, ack)),
  named('a traceroute', v4, udp(40000, 33434)),
  named('the port below', v4, udp(40000, 33433)),
  named('a Christmas tree', v4, tcp(40000, 8080, fin | psh | urg)),
  named('FIN and PSH', v4, tcp(40000, 8080, fin | psh)),
  named('SYN to port 19', v4, tcp(40000, 19, syn)),
  named('SYN ACK from port 19', v4, tcp(40000, 19, syn | ack)),
  named('a ping', v4, icmp(8, 0)),
  named('a ping answer', v4, icmp(0, 0)),
  named('GRE', v4, { protocol: 47, bytes: Buffer.alloc(8) }),
  named('ESP, IPv6', v6, { protocol: 50, bytes: Buffer.alloc(16) }),
  named('SIP without the token', v4, udp(5060, 5060, 'INVITE sip:bob SIP/2.0')),
  named('SIP with the token', v4, udp(5060, 5060, 'INVITE sip:bob SIP/2.0 xyzzy')),
  named('SIP without it, IPv6', v6, udp(5060, 5060, 'xyzz')),
  named('SIP with it, IPv6', v6, udp(5060, 5060, 'xyzzy')),
  named('the magic word', v4, udp(40000, 7000, Buffer.from('deadbeef00', 'hex'))),
  named('another word', v4, udp(40000, 7000, Buffer.from('deadbeee00', 'hex'))),
  named('a tired packet', { ...v4, ttl: 4 }, udp(40000, 53)),
  named('one hop fresher', { ...v4, ttl: 5 }, udp(40000, 53)),
  named('web', v4, tcp(40000, 80, syn)),
  named('web, IPv6', v6, tcp(40000, 80, syn)),
  named('https', v4, tcp(40000, 443, syn)),
  named('a later fragment', { ...v4, fragmentOffset: 185 }, udp(40000, 22, 'no header here')),
];

/** Passes every rule; what has not arrived before it was dropped. */
export const FENCE: DemoPacket = named('fence', v4, udp(40000, 9));

function named(name: string, ...packet: Parameters<typeof ipPacket>): DemoPacket {
  return { name, bytes: ipPacket(...packet) };
}
