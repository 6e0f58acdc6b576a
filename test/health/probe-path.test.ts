// Which addresses the probes of a tunnel bear, by its document.

import type { HealthCheck } from '../../src/account/account';
import type { MonitoredTunnel } from '../../src/health/monitored-tunnel';
import { probePath } from '../../src/health/probe-path';
import { type Address, parseAddress, printAddress } from '../../src/net/address';

const at = (text: string) => parseAddress(text) as Address;

interface Given extends Partial<Omit<HealthCheck, 'target'>> {
  readonly kind?: MonitoredTunnel['kind'];
  readonly addresses?: readonly string[];
  readonly gateways?: readonly string[];
  readonly target?: string;
  readonly ends?: readonly [local: string, remote: string];
}

function tunnel({
  kind = 'gre',
  addresses = ['10.255.0.0/31'],
  gateways = [],
  target,
  ends,
  ...check
}: Given): MonitoredTunnel {
  const [local, remote] = ends ?? ['192.0.2.1', '192.0.2.2'];
  return {
    name: 'fra1',
    kind,
    local: at(local),
    remote: at(remote),
    addresses: addresses.map(text => {
      const [address, length] = text.split('/') as [string, string];
      return { address: at(address), prefixLength: Number(length) };
    }),
    gateways: gateways.map(at),
    health: {
      rate: 'mid',
      type: 'reply',
      direction: 'unidirectional',
      ...check,
      ...(target !== undefined && { target: at(target) }),
    },
  };
}

const bidirectional = { direction: 'bidirectional' } as const;
const request = { type: 'request' } as const;
const OVER_IPV6 = { ends: ['2001:db8::1', '2001:db8::2'] } as const;

/** Source, destination, next hop, and the way of the answer. */
const PATHS: readonly [name: string, given: Given, path: string][] = [
  ['a reply comes from the other end to ours', {}, '192.0.2.2 > 192.0.2.1 via 10.255.0.1, internet'],
  ['a reply comes from the target', { target: '203.0.113.9' }, '203.0.113.9 > 192.0.2.1 via 10.255.0.1, internet'],
  ['a request goes to the other end', request, '192.0.2.1 > 192.0.2.2 via 10.255.0.1, internet'],
  ['by the tunnel, the end inside it', bidirectional, '10.255.0.1 > 10.255.0.0 via 10.255.0.1, tunnel'],
  [
    'a request by the tunnel, likewise',
    { ...request, ...bidirectional },
    '10.255.0.0 > 10.255.0.1 via 10.255.0.1, tunnel',
  ],
  [
    'of a /30, the other of the two in the middle',
    { ...bidirectional, addresses: ['10.255.0.6/30'] },
    '10.255.0.5 > 10.255.0.6 via 10.255.0.5, tunnel',
  ],
  ['of a /127', { ...bidirectional, addresses: ['fd00::1/127'] }, 'fd00:: > fd00::1 via fd00::, tunnel'],
  ['of a /126', { ...bidirectional, addresses: ['fd00::1/126'] }, 'fd00::2 > fd00::1 via fd00::2, tunnel'],
  [
    'the first prefix that has just one other end',
    { ...bidirectional, addresses: ['10.1.0.1/24', '10.255.0.0/31'] },
    '10.255.0.1 > 10.1.0.1 via 10.255.0.1, tunnel',
  ],
  [
    'a target of the other family takes the address of that family',
    { ...bidirectional, addresses: ['10.255.0.0/31', 'fd00::/64'], target: '2001:db8:9::9' },
    '2001:db8:9::9 > fd00:: via fe80::1, tunnel',
  ],
  [
    'a gateway is the next hop, of the family of the target',
    { addresses: ['10.1.0.1/24'], gateways: ['fd00::9', '10.1.0.9'], target: '203.0.113.9' },
    '203.0.113.9 > 192.0.2.1 via 10.1.0.9, internet',
  ],
  [
    'a target on the link is the next hop',
    { ...bidirectional, addresses: ['10.1.0.1/24'], target: '10.1.0.7' },
    '10.1.0.7 > 10.1.0.1 via 10.1.0.7, tunnel',
  ],
  [
    'without any address inside, IPv4 takes the target',
    { addresses: [] },
    '192.0.2.2 > 192.0.2.1 via 192.0.2.2, internet',
  ],
  [
    'of IPv6 VXLAN, a reply comes from the other end',
    { ...OVER_IPV6, kind: 'vxlan', addresses: ['fd00::1/127'] },
    '2001:db8::2 > 2001:db8::1 via fd00::, internet',
  ],
  [
    'of IPv6 GRE, a request goes to the other end',
    { ...OVER_IPV6, ...request, kind: 'gre', addresses: ['fd00::1/127'] },
    '2001:db8::1 > 2001:db8::2 via fd00::, internet',
  ],
  [
    'and IPv6 one that is always on the link',
    { ...OVER_IPV6, addresses: [], target: '2001:db8:9::9' },
    '2001:db8:9::9 > 2001:db8::1 via fe80::1, internet',
  ],
];

it.each(PATHS)('%s', (_, given, expected) => {
  const path = probePath(tunnel(given));
  const text =
    path.kind === 'none'
      ? path.message
      : `${printAddress(path.source)} > ${printAddress(path.destination)} via ${printAddress(path.nextHop)}, ${path.answer}`;
  expect(text).toBe(expected);
});

it.each<[string, Given, string]>([
  [
    'a reply from the other end of IPv6 GRE, which the kernel drops',
    { ...OVER_IPV6, kind: 'gre', addresses: ['fd00::1/127'] },
    'the kernel sends nothing from 2001:db8::2 into a tunnel that ends there',
  ],
  [
    'the same of ipip',
    { ...OVER_IPV6, kind: 'ipip', target: '2001:db8::2' },
    'the kernel sends nothing from 2001:db8::2 into a tunnel that ends there',
  ],
  [
    'an IPv6 target whose answers were to come to an IPv4 address over the Internet',
    { target: '2001:db8::9' },
    'answers to 2001:db8::9 cannot come to 192.0.2.1, an IPv4 address',
  ],
  [
    'no target, and a prefix with many other ends',
    { ...bidirectional, addresses: ['10.1.0.1/24', '10.1.1.1/32'] },
    'the other end has no address inside the tunnel that could be known',
  ],
  [
    'no target, and the first or last address of a /30',
    { ...bidirectional, addresses: ['10.1.0.0/30', '10.1.0.3/30'] },
    'the other end has no address inside the tunnel that could be known',
  ],
  [
    'a target of a family of which the tunnel has no address',
    { ...bidirectional, target: '2001:db8::9' },
    'the tunnel has no IPv6 address to which answers could come',
  ],
])('nothing can be probed with %s', (_, given, message) => {
  expect(probePath(tunnel(given))).toMatchObject({ kind: 'none', message, cure: expect.stringMatching(/./) });
});
