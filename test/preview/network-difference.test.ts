// What two documents say otherwise of an account's network, as `+added`, `-removed`, `~before => after`.

import { parseAccount } from '../../src/account/parse-account';
import { networkDifference } from '../../src/preview/network-difference';

const NAMES = { realm: 'test' };
const FRA1 = { name: 'fra1', kind: 'gre', local: '192.0.2.1', remote: '198.51.100.7' };
const VX = {
  name: 'vx',
  kind: 'vxlan',
  local: '192.0.2.1',
  remote: '198.51.100.8',
  key: 7,
  addresses: ['10.0.0.1/24'],
};
const NET = { prefixes: ['203.0.113.0/24'], tunnels: [FRA1] };
const TO_FRA1 = { prefix: '203.0.113.0/24', tunnel: 'fra1' };
const BY_VX = { prefix: '203.0.113.0/24', tunnel: 'vx', gateway: '10.0.0.2' };

function account(network: object) {
  const reading = parseAccount(JSON.stringify({ account: 'acme', ...network, rules: [] }));
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.account;
}

function told(before: object | undefined, after: object): readonly string[] {
  const difference = networkDifference(before && account(before), account(after), NAMES);
  return [
    ...difference.removed.map(words => `-${words}`),
    ...difference.changed.map(pair => `~${pair.before} => ${pair.after}`),
    ...difference.added.map(words => `+${words}`),
  ];
}

const cases: readonly (readonly [string, object, object, readonly string[]])[] = [
  ['the same', NET, NET, []],
  ['no network on either side', {}, {}, []],
  [
    'another end of a tunnel',
    NET,
    { ...NET, tunnels: [{ ...FRA1, remote: '198.51.100.9' }] },
    [
      '~tunnel fra1 (gre) 192.0.2.1 to 198.51.100.7 ttl 64 mtu 1476 => tunnel fra1 (gre) 192.0.2.1 to 198.51.100.9 ttl 64 mtu 1476',
    ],
  ],
  [
    'a key, which takes room from the MTU and the segments',
    NET,
    { ...NET, tunnels: [{ ...FRA1, key: 42 }] },
    [
      '~tunnel fra1 (gre) 192.0.2.1 to 198.51.100.7 ttl 64 mtu 1476 => tunnel fra1 (gre) 192.0.2.1 to 198.51.100.7 key 42 ttl 64 mtu 1472',
      '~TCP segments of IPv4 by fra1: 1436 bytes at most => TCP segments of IPv4 by fra1: 1432 bytes at most',
    ],
  ],
  [
    'a further tunnel, with its address and route',
    { ...NET, routes: [TO_FRA1] },
    { ...NET, tunnels: [FRA1, VX], routes: [TO_FRA1, { ...BY_VX, priority: 200 }] },
    [
      '+tunnel vx (vxlan) 192.0.2.1 to 198.51.100.8 key 7 port 4789 ttl 64 mtu 1450',
      '+setting net/ipv4/conf/vx/forwarding=1',
      '+setting net/ipv4/conf/vx/rp_filter=0',
      '+address 10.0.0.1/24 of vx',
      '+route 10.0.0.0/24 by vx priority 0',
      '+route 203.0.113.0/24 by vx via 10.0.0.2 priority 200',
      '+TCP segments of IPv4 by vx: 1410 bytes at most',
    ],
  ],
  [
    'a route that is shared',
    { ...NET, tunnels: [FRA1, VX], routes: [TO_FRA1] },
    { ...NET, tunnels: [FRA1, VX], routes: [TO_FRA1, { ...BY_VX, weight: 3 }] },
    [
      '~route 203.0.113.0/24 by fra1 priority 100 => route 203.0.113.0/24 by fra1, by vx via 10.0.0.2 weight 3 priority 100',
    ],
  ],
  [
    'another address of a tunnel',
    { ...NET, tunnels: [{ ...FRA1, addresses: ['10.255.0.0/31'] }] },
    { ...NET, tunnels: [{ ...FRA1, addresses: ['10.255.0.2/31'] }] },
    [
      '-address 10.255.0.0/31 of fra1',
      '-route 10.255.0.0/31 by fra1 priority 0',
      '+address 10.255.0.2/31 of fra1',
      '+route 10.255.0.2/31 by fra1 priority 0',
    ],
  ],
  [
    'a prefix that goes',
    { ...NET, prefixes: ['203.0.113.0/24', '192.0.2.128/25'] },
    NET,
    [
      '-route 192.0.2.128/25 unreachable priority 4294967294',
      '-route 192.0.2.128/25 by rp198891a42de02 via 169.254.0.2 priority 82 on the host',
    ],
  ],
  [
    'what comes back, and how large',
    NET,
    { ...NET, return: 'tunnel', mss: 'off' },
    ['-TCP segments of IPv4 by fra1: 1436 bytes at most', '-what comes out of tunnels is not forwarded'],
  ],
  [
    'probes',
    { ...NET, tunnels: [{ ...FRA1, health: { rate: 'low' } }] },
    { ...NET, tunnels: [{ ...FRA1, health: { rate: 'high', type: 'request', target: '198.51.100.1' } }] },
    [
      '~probes of fra1: rate low, reply, unidirectional => probes of fra1: rate high, request to 198.51.100.1, unidirectional',
    ],
  ],
  [
    'another namespace, where the settings are the operator’s',
    NET,
    { ...NET, namespace: { existing: 'theirs' } },
    [
      '-setting net/ipv4/conf/all/forwarding=1',
      '-setting net/ipv4/conf/all/rp_filter=0',
      '-setting net/ipv4/conf/default/rp_filter=0',
      '-setting net/ipv4/fib_multipath_hash_policy=1',
      '-route 203.0.113.0/24 unreachable priority 4294967294',
      '~namespace test-acme => namespace theirs, which others made',
    ],
  ],
];

test.each(cases)('%s', (_, before, after, differences) => {
  expect(told(before, after)).toEqual(differences);
});

test('of a new account all is added', () => {
  expect(told(undefined, { namespace: 'host', tunnels: [FRA1] })).toEqual([
    '+namespace of the host',
    '+tunnel fra1 (gre) 192.0.2.1 to 198.51.100.7 ttl 64 mtu 1476',
    '+setting net/ipv4/conf/fra1/forwarding=1',
    '+setting net/ipv4/conf/fra1/rp_filter=0',
    '+TCP segments of IPv4 by fra1: 1436 bytes at most',
    '+what comes out of tunnels is not forwarded',
  ]);
});
