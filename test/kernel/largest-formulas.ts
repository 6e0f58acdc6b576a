// The largest formulas of every kind that the language's 4,096 characters allow, and packets to judge by them.

import { PACKET_LIMITS } from '../../src/language/limits';
import { ipPacket, tcp, udp } from '../../src/packet/build';

const JOINS = ['&&', '||', '^^'];

/** What it is, and the text. */
export const LARGEST: readonly (readonly [name: string, expression: string])[] = [
  ['searches, all of them', repeated(' and ', i => `udp.payload contains "${word(i)}"`)],
  ['searches, any of them', repeated(' or ', i => `udp.payload contains "${word(i)}"`)],
  ['searches, an odd number of them', repeated(' ^^ ', i => `ip~"${word(i)}"`)],
  ['searches, none of them', repeated(' && ', i => `!tcp.payload~"${word(i)}"`)],
  ['wildcards, an odd number of them', repeated(' ^^ ', i => `udp.payload wildcard "*${word(i)}*"`)],
  ['searches, one of every pair', repeated(' && ', i => `(ip~"${word(i)}" ^^ udp~"${word(i + 1)}")`)],
  ['searches in the deepest brackets', nested(`udp~"ab"`, (inner, i) => `(${inner} ${JOINS[i % 3]} ip~"${word(i)}")`)],
  [
    'searches in the deepest negations',
    nested(`udp~"ab"`, (inner, i) => `!(${inner} ${JOINS[i % 2]} ip~"${word(i)}")`),
  ],
  ['ports, an odd number of them', repeated(' ^^ ', i => `tcp.dstport==${i}`)],
  ['TTLs, an odd number of them', repeated(' ^^ ', i => `ip.ttl<${i % 256}`)],
  ['lengths, an odd number of them', repeated(' ^^ ', i => `len(ip)<${i}`)],
  ['ports of either side, all of them', repeated(' && ', i => `(tcp.dstport!=${i}||udp.dstport!=${i})`)],
  ['a port and a TTL, any of them', repeated(' || ', i => `(udp.dstport==${i}&&ip.ttl<${i % 256})`)],
  ['xor in xor', nested('ip.len<9', (inner, i) => `(ip.ttl<${i} ^^ ${inner})`)],
  ['xor in and in xor', nested('ip.len<9', (inner, i) => `(ip.ttl<${i + 60} ^^ ip.len<${i + 60} && ${inner})`)],
  [
    'and in xor in or',
    nested('ip.ttl<9', (inner, i) => `(ip.ttl==${i} || ip.len<${i} ^^ udp.dstport>${i} && ${inner})`),
  ],
  ['lengths in a set', `len(ip) in {${repeated(' ', i => `${2 * i}`, 20)}}`],
  ['ports in a set', `udp.dstport in {${repeated(' ', i => `${3 * i}`, 20)}}`],
  ['networks in a set', `ip.src in {${repeated(' ', i => `10.${i % 256}.${i >> 8}.0/25`, 20)}}`],
  ['payloads in a set', `tcp.payload in {${repeated(' ', i => `"${word(i)}"`, 20)}}`],
  ['a UDP payload', `udp.payload == "${'ab'.repeat(2000)}"`],
  ['a TCP payload', `tcp.payload != "${'ab'.repeat(2000)}"`],
  ['what comes before a payload', `udp.payload < "${'ab'.repeat(2000)}"`],
  ['what comes behind a payload', `tcp.payload > "${everyWord(6).slice(0, 4000)}"`],
  ['a long search', `udp.payload contains "${everyWord(6).slice(0, 4000)}"`],
  ['stars in a wildcard', `tcp.payload wildcard "${'ab*'.repeat(1300)}"`],
  ['a long regular expression', `udp.payload ~ "${'(a|b|[c-f]x?)'.repeat(300)}"`],
  ['the end of a payload', `ends_with(tcp.payload, "${'ab'.repeat(2000)}")`],
  ['bits, all of them', repeated(' && ', i => `bit_slice(udp,${i},${i + 9})!=9`)],
  [
    'bits and a length, all of them',
    `len(ip) < 900 && ${repeated(' && ', i => `bit_slice(ip,${i},${i + 9}) in {0..500}`, 20)}`,
  ],
  ['bits, any of them', repeated(' || ', i => `bit_slice(tcp,${i},${i + 7})==${i % 128}`)],
  ['bits, an odd number of them', repeated(' ^^ ', i => `bit_slice(tcp.payload,${i},${i + 9})==${i}`)],
];

export const PACKETS = [
  { source: '10.0.0.1', destination: '10.0.0.2' },
  { source: '2001:db8::1', destination: '2001:db8::2' },
].flatMap(header => [
  ipPacket(header, udp(1, 2, '')),
  ipPacket({ ...header, ttl: 3 }, udp(53, 53, 'abacad')),
  ipPacket({ ...header, ttl: 200 }, udp(40000, 65535, Buffer.alloc(64, 0xff))),
  ipPacket({ ...header, ttl: 77 }, udp(7, 300, everyWord())),
  ipPacket(header, udp(7, 300, 'ab'.repeat(700))),
  ipPacket(header, tcp(1, 2, 0x02)),
  ipPacket({ ...header, ttl: 100 }, tcp(80, 443, 0x18, 'ba')),
  ipPacket({ ...header, ttl: 8 }, tcp(80, 100, 0x18, everyWord())),
]);
/** As many terms as fit beside `beside` characters. */
function repeated(between: string, term: (i: number) => string, beside = 0): string {
  let text = term(0);
  for (let i = 1; ; i++) {
    const longer = text + between + term(i);
    if (longer.length + beside > (PACKET_LIMITS.length as number)) return text;
    text = longer;
  }
}

/** As many levels as the length and the nesting allow. */
function nested(inmost: string, around: (inner: string, i: number) => string): string {
  let text = inmost;
  for (let i = 0; ; i++) {
    const larger = around(text, i);
    if (larger.length > (PACKET_LIMITS.length as number) || nestingOf(larger) > PACKET_LIMITS.nesting) return text;
    text = larger;
  }
}

/** All openings stand before all closings here, and a negation counts as one. */
export function nestingOf(text: string): number {
  return text.match(/[(!]/g)?.length ?? 0;
}

/** Two letters, each pair once in 3,844. */
function word(i: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  return `${letters[i % 62]}${letters[Math.floor(i / 62) % 62]}`;
}

/** The words one after the other, so often. */
function everyWord(times = 1): string {
  return Array.from({ length: 600 }, (_, i) => word(i))
    .join('')
    .repeat(times);
}
