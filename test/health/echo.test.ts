// The bytes of probes, written out by hand, and what is taken for an answer.

import { answerOf, probePacket } from '../../src/health/echo';
import { type Address, parseAddress } from '../../src/net/address';

const at = (text: string) => parseAddress(text) as Address;
const bytes = (hex: string) => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const ECHO = { identifier: 0x1234, sequence: 5, prober: 7, token: bytes('00112233445566778899aabbccddeeff') };
const BODY = '1234 0005 00000007 00112233445566778899aabbccddeeff';

it.each([
  [
    'an IPv4 reply',
    { kind: 'path', icmp: 'reply', family: 4, source: at('192.0.2.2'), destination: at('192.0.2.1') },
    `4500 0030 0001 0000 4001 f6c8 c0000202 c0000201  0000 317c ${BODY}`,
  ],
  [
    'an IPv4 request',
    { kind: 'path', icmp: 'request', family: 4, source: at('10.255.0.0'), destination: at('10.255.0.1') },
    `4500 0030 0001 0000 4001 64ce 0aff0000 0aff0001  0800 297c ${BODY}`,
  ],
  [
    'an IPv6 request',
    { kind: 'path', icmp: 'request', family: 6, source: at('fd00::'), destination: at('fd00::1') },
    `60000000 001c 3a 40 fd000000000000000000000000000000 fd000000000000000000000000000001  8000 b722 ${BODY}`,
  ],
] as const)('%s', (_, path, hex) => {
  const packet = probePacket({ ...path, nextHop: path.destination, answer: 'tunnel' }, ECHO);
  expect(Buffer.from(packet).toString('hex')).toBe(bytes(hex).toString('hex'));
});

const IPV4 = '4500 0030 0001 0000 4001 f6c8 c0000202 c0000201';

it.each<[string, 4 | 6, string, boolean]>([
  ['an IPv4 reply', 4, `${IPV4} 0000 317c ${BODY}`, true],
  ['one with an option in its header', 4, `4600 ${IPV4.slice(5)} 01010101 0000 317c ${BODY}`, true],
  ['an ICMPv6 reply', 6, `8100 0000 ${BODY}`, true],
  ['an IPv4 request', 4, `${IPV4} 0800 297c ${BODY}`, false],
  ['an ICMPv6 request', 6, `8000 0000 ${BODY}`, false],
  ['a reply with a code', 4, `${IPV4} 0001 317b ${BODY}`, false],
  ['a reply to the ping of somebody else', 4, `${IPV4} 0000 0000 1234 0005`, false],
  ['a longer one', 4, `${IPV4} 0000 317c ${BODY} 00`, false],
  ['a header without an end', 4, '4f00', false],
  ['nothing', 4, '', false],
])('what a socket gives: %s', (_, family, hex, isAnswer) => {
  expect(answerOf(family, bytes(hex))).toEqual(isAnswer ? ECHO : undefined);
});
