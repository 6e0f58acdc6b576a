// The plan of an account's network, from its document: which links, and which routes with which priorities.

import { networkPlan } from '../../src/network/plan';
import { routeWords } from '../../src/network/step';
import type { TunnelState } from '../../src/network/tunnel-state';
import { accountOf } from './account';

const NAMES = { realm: 'rampart' };
const A = '{name: a, kind: gre, local: 192.0.2.1, remote: 192.0.2.2}';
const B = '{name: b, kind: gre, local: 192.0.2.1, remote: 192.0.2.3}';
const C = '{name: c, kind: gre, local: 192.0.2.1, remote: 192.0.2.4}';

function plan(text: string, states: Readonly<Record<string, TunnelState>> = {}) {
  return networkPlan(accountOf(text), NAMES, new Map(Object.entries(states)));
}

function routes(text: string, states: Readonly<Record<string, TunnelState>> = {}): readonly string[] {
  return plan(text, states).inside.routes.map(routeWords);
}

const TO_HOST = 'route 0.0.0.0/0 by uplink via 169.254.0.1 priority 4000000000';

test('a policy alone is a namespace, in which nothing is made', () => {
  const { place, uplink, tunnels, inside, outside, clamps, unforwarded } = plan('');
  expect(place).toEqual({
    kind: 'own',
    name: 'rampart-acme',
    alias: 'rampart realm=rampart account=acme link=lo',
  });
  expect([uplink, tunnels, inside.routes, inside.addresses, outside.routes, outside.settings]).toEqual([
    undefined,
    [],
    [],
    [],
    [],
    [],
  ]);
  expect([clamps, unforwarded]).toEqual([[], []]);
});

describe('routes inside:', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'a prefix without tunnels is unreachable, and does not go back to the host',
      'prefixes: [203.0.113.0/24]',
      [TO_HOST, 'route 203.0.113.0/24 unreachable priority 4294967294'],
    ],
    [
      'equal prefix and priority share the flows, others stand behind',
      `prefixes: [203.0.113.0/24]
tunnels: [${A}, ${B}, ${C}]
routes:
  - {prefix: 203.0.113.0/24, tunnel: a, weight: 1}
  - {prefix: 203.0.113.0/24, tunnel: b, weight: 5}
  - {prefix: 203.0.113.0/24, tunnel: c, priority: 200}`,
      [
        TO_HOST,
        'route 203.0.113.0/24 by a, by b weight 5 priority 100',
        'route 203.0.113.0/24 by c priority 200',
        'route 203.0.113.0/24 unreachable priority 4294967294',
      ],
    ],
    [
      'IPv6 shares flows only between gateways, and on a tunnel with one other end any will do',
      `tunnels: [${A}, ${B}, ${C}]
routes:
  - {prefix: '2001:db8:1::/48', tunnel: a}
  - {prefix: '2001:db8:1::/48', tunnel: b}
  - {prefix: '2001:db8:1::/48', tunnel: c, priority: 200}`,
      [
        TO_HOST,
        'route ::/0 by uplink via fe80::1 priority 4000000000',
        'route 2001:db8:1::/48 by a via fe80::1, by b via fe80::1 priority 100',
        'route 2001:db8:1::/48 by c priority 200',
      ],
    ],
    [
      'a route wider than a prefix is there for the prefix too, beside what makes that unreachable',
      `prefixes: [203.0.113.0/24]
tunnels: [${A}, ${B}]
routes: [{prefix: 203.0.0.0/16, tunnel: a}, {prefix: 0.0.0.0/0, tunnel: b}]`,
      [
        TO_HOST,
        'route 203.0.0.0/16 by a priority 100',
        'route 0.0.0.0/0 by b priority 100',
        'route 203.0.113.0/24 by a priority 100',
        'route 203.0.113.0/24 unreachable priority 4294967294',
      ],
    ],
    [
      'routes within a prefix leave the rest of it unreachable',
      `prefixes: [203.0.113.0/24]
tunnels: [${A}]
routes: [{prefix: 203.0.113.128/25, tunnel: a}]`,
      [TO_HOST, 'route 203.0.113.128/25 by a priority 100', 'route 203.0.113.0/24 unreachable priority 4294967294'],
    ],
    [
      'both families have a way to the host as soon as one prefix is IPv6',
      "prefixes: ['2001:db8:1::/48']",
      [
        TO_HOST,
        'route ::/0 by uplink via fe80::1 priority 4000000000',
        'route 2001:db8:1::/48 unreachable priority 4294967294',
      ],
    ],
    [
      'what is inside a tunnel goes there, by the addresses of this end',
      `tunnels: [{name: a, kind: gre, local: 192.0.2.1, remote: 192.0.2.2,
        addresses: [10.255.0.1/30, 10.255.0.2/30, 10.9.9.9/32, 'fd00:255::1/64']}]`,
      [
        TO_HOST,
        'route ::/0 by uplink via fe80::1 priority 4000000000',
        'route 10.255.0.0/30 by a priority 0',
        'route fd00:255::/64 by a priority 256',
      ],
    ],
    [
      "in somebody's namespace a prefix that no tunnel is for goes by what is there",
      'namespace: {existing: blue}\nprefixes: [203.0.113.0/24]',
      [TO_HOST],
    ],
    [
      "in the host's namespace there is no uplink",
      `namespace: host
prefixes: [203.0.113.0/24]
tunnels: [${A}]
routes: [{prefix: 203.0.113.0/24, tunnel: a}]`,
      ['route 203.0.113.0/24 by a priority 100', 'route 203.0.113.0/24 unreachable priority 4294967294'],
    ],
  ])('%s', (_, text, words) => {
    expect(routes(text)).toEqual(words);
  });
});

describe('the states of tunnels', () => {
  const text = `tunnels: [${A}, ${B}, ${C}]
routes:
  - {prefix: 203.0.113.0/24, tunnel: a, weight: 1}
  - {prefix: 203.0.113.0/24, tunnel: b, weight: 5}
  - {prefix: 203.0.113.0/24, tunnel: c, priority: 200}`;

  test.each<[string, Readonly<Record<string, TunnelState>>, readonly string[]]>([
    [
      'healthy ones change nothing',
      { a: 'healthy', b: 'healthy', c: 'healthy' },
      ['route 203.0.113.0/24 by a, by b weight 5 priority 100', 'route 203.0.113.0/24 by c priority 200'],
    ],
    [
      'a degraded one stands behind every healthy one',
      { b: 'degraded' },
      [
        'route 203.0.113.0/24 by a priority 100',
        'route 203.0.113.0/24 by b weight 5 priority 500100',
        'route 203.0.113.0/24 by c priority 200',
      ],
    ],
    [
      'one that is down stands behind those that are degraded',
      { a: 'down', b: 'degraded', c: 'degraded' },
      [
        'route 203.0.113.0/24 by a priority 1000100',
        'route 203.0.113.0/24 by b weight 5 priority 500100',
        'route 203.0.113.0/24 by c priority 500200',
      ],
    ],
    [
      'where all are down they are as if all were healthy',
      { a: 'down', b: 'down', c: 'down' },
      ['route 203.0.113.0/24 by a, by b weight 5 priority 1000100', 'route 203.0.113.0/24 by c priority 1000200'],
    ],
  ])('%s', (_, states, words) => {
    expect(routes(text, states).slice(1)).toEqual(words);
  });
});

test('the host routes the prefixes by its end of the link', () => {
  const { outside, uplink } = plan("prefixes: [203.0.113.0/24, '2001:db8:1::/48']");
  expect(outside.routes.map(routeWords)).toEqual([
    `route 203.0.113.0/24 by ${uplink?.host.name} via 169.254.0.2 priority 82`,
    `route 2001:db8:1::/48 by ${uplink?.host.name} via fe80::2 priority 82`,
  ]);
});

test.each([
  ['auto', `tunnels: [${A}]`, [['a', 4, 1436]]],
  ['a number', `tunnels: [${A}]\nmss: 1200`, [['a', 4, 1200]]],
  ['off', `tunnels: [${A}]\nmss: off`, []],
  [
    'auto, of both families',
    `prefixes: ['2001:db8:1::/48']\ntunnels: [${A}]`,
    [
      ['a', 4, 1436],
      ['a', 6, 1416],
    ],
  ],
])('segments are clamped: %s', (_, text, clamps) => {
  expect(plan(text).clamps.map(({ link, family, segment }) => [link, family, segment])).toEqual(clamps);
});

test.each([
  ['return: direct', `tunnels: [${A}]`, 'all-but-uplink'],
  ["return: direct, in somebody's namespace", `namespace: {existing: blue}\ntunnels: [${A}, ${B}]`, ['a', 'b']],
  ['return: tunnel', `tunnels: [${A}]\nreturn: tunnel`, []],
])('what is not forwarded: %s', (_, text, links) => {
  expect(plan(text).unforwarded).toEqual(links);
});
