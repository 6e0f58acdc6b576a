// The network parts of an account's document: what is read, and each way in which they are refused.

import { type Account, networkParts } from '../../src/account/account';
import { parseAccount } from '../../src/account/parse-account';
import { DEFAULT_POLICY_LIMITS } from '../../src/account/policy-limits';
import { parseAddress } from '../../src/net/address';

const HEAD = 'account: acme\nrules: []\n';

function read(text: string): Account {
  const reading = parseAccount(HEAD + text);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.account;
}

/** The first problem, as `path code: message; cure`. */
function refusal(text: string, limits = DEFAULT_POLICY_LIMITS): string {
  const reading = parseAccount(HEAD + text, limits);
  if (reading.kind === 'account') throw new Error('the document was read');
  return reading.problems.map(({ path, code, message, cure }) => `${path} ${code}: ${message}; ${cure}`).join('\n');
}

function address(text: string) {
  const value = parseAddress(text);
  if (value === undefined) throw new Error(`${text} is no address`);
  return value;
}

const DOCUMENT = `
namespace: {existing: blue}
prefixes: [203.0.113.0/24, '2001:db8:1::/48']
tunnels:
  - name: fra1
    kind: gre
    local: 192.0.2.1
    remote: 198.51.100.7
    key: 42
    ttl: 32
    mtu: 1400
    addresses: [10.255.0.0/31, 'fd00::1/64']
    health: {rate: high, type: request, target: 10.255.0.1, direction: bidirectional}
  - {name: ams_1, kind: vxlan, local: '2001:db8::1', remote: '2001:db8::2', key: 7, addresses: [10.255.0.2/31]}
  - {name: lon-1, kind: ipip, local: 192.0.2.1, remote: 198.51.100.8, health: {}}
routes:
  - {prefix: 203.0.113.0/24, tunnel: fra1, gateway: 10.255.0.1, priority: 50, weight: 5}
  - {prefix: 203.0.113.0/24, tunnel: ams_1, gateway: 10.255.0.3}
  - {prefix: 0.0.0.0/0, tunnel: lon-1}
return: tunnel
mss: 1300
`;

test('a document without network parts is a policy in a namespace of its own', () => {
  const account = read('');
  expect(account).toEqual({
    account: 'acme',
    lists: new Map(),
    rules: [],
    namespace: { kind: 'own' },
    prefixes: [],
    tunnels: [],
    routes: [],
    return: 'direct',
    mss: 'auto',
  });
  expect(networkParts(account)).toEqual([]);
});

test('a document is read with all its parts, and with defaults where keys are left out', () => {
  const account = read(DOCUMENT);
  expect(account.namespace).toEqual({ kind: 'existing', name: 'blue' });
  expect(account.prefixes).toEqual([
    { network: { family: 4, value: 0xcb007100n }, length: 24 },
    { network: { family: 6, value: 0x20010db80001n << 80n }, length: 48 },
  ]);
  expect(account.tunnels).toEqual([
    {
      name: 'fra1',
      kind: 'gre',
      local: address('192.0.2.1'),
      remote: address('198.51.100.7'),
      key: 42,
      ttl: 32,
      mtu: 1400,
      addresses: [
        { address: address('10.255.0.0'), prefixLength: 31 },
        { address: address('fd00::1'), prefixLength: 64 },
      ],
      health: { rate: 'high', type: 'request', target: address('10.255.0.1'), direction: 'bidirectional' },
    },
    {
      name: 'ams_1',
      kind: 'vxlan',
      local: address('2001:db8::1'),
      remote: address('2001:db8::2'),
      key: 7,
      port: 4789,
      ttl: 64,
      mtu: 1430,
      addresses: [{ address: address('10.255.0.2'), prefixLength: 31 }],
    },
    {
      name: 'lon-1',
      kind: 'ipip',
      local: address('192.0.2.1'),
      remote: address('198.51.100.8'),
      ttl: 64,
      mtu: 1480,
      addresses: [],
      health: { rate: 'mid', type: 'reply', direction: 'unidirectional' },
    },
  ]);
  expect(account.routes).toEqual([
    {
      prefix: { network: address('203.0.113.0'), length: 24 },
      tunnel: 'fra1',
      gateway: address('10.255.0.1'),
      priority: 50,
      weight: 5,
    },
    {
      prefix: { network: address('203.0.113.0'), length: 24 },
      tunnel: 'ams_1',
      gateway: address('10.255.0.3'),
      priority: 100,
      weight: 1,
    },
    { prefix: { network: address('0.0.0.0'), length: 0 }, tunnel: 'lon-1', priority: 100, weight: 1 },
  ]);
  expect(account.return).toBe('tunnel');
  expect(account.mss).toBe(1300);
  expect(networkParts(account)).toEqual(['namespace', 'prefixes', 'tunnels', 'routes']);
});

test.each([
  ['gre over IPv4', 'kind: gre, local: 192.0.2.1, remote: 192.0.2.2', 1476],
  ['gre over IPv4 with a key', 'kind: gre, local: 192.0.2.1, remote: 192.0.2.2, key: 0', 1472],
  ['gre over IPv6', "kind: gre, local: '2001:db8::1', remote: '2001:db8::2'", 1456],
  ['gre over IPv6 with a key', "kind: gre, local: '2001:db8::1', remote: '2001:db8::2', key: 1", 1452],
  ['ipip over IPv4', 'kind: ipip, local: 192.0.2.1, remote: 192.0.2.2', 1480],
  ['ipip over IPv6', "kind: ipip, local: '2001:db8::1', remote: '2001:db8::2'", 1460],
  ['vxlan over IPv4', 'kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2, key: 1', 1450],
  ['vxlan over IPv6', "kind: vxlan, local: '2001:db8::1', remote: '2001:db8::2', key: 1", 1430],
])('the MTU of %s is what a path of 1500 bytes leaves', (_, keys, mtu) => {
  expect(read(`tunnels: [{name: a, ${keys}}]`).tunnels[0]?.mtu).toBe(mtu);
});

const A = '{name: a, kind: gre, local: 192.0.2.1, remote: 192.0.2.2, addresses: [10.0.0.0/31]}';
const gre = (more: string) => `tunnels: [{name: a, kind: gre, local: 192.0.2.1, remote: 192.0.2.2, ${more}}]`;
const route = (keys: string, tunnel = A) => `tunnels: [${tunnel}]\nroutes: [{${keys}}]`;

describe('a document is refused', () => {
  test.each([
    [
      'namespace: other',
      '/namespace policy.value: "other" is not allowed here; namespace: own, host, or {existing: NAME}',
    ],
    [
      'namespace: {existing: a/b}',
      '/namespace/existing policy.value: "a/b" is not allowed here; ' +
        'existing: the name of a network namespace, as `ip netns` has it',
    ],
    ['return: both', '/return policy.value: "both" is not allowed here; return: direct or tunnel'],
    ['mss: 100', '/mss policy.value: 100 is not one of 536 to 65495; mss: auto, off, or 536 to 65495 bytes'],
    [
      'prefixes: [203.0.113.1/24]',
      '/prefixes/0 policy.value: "203.0.113.1/24" has bits set behind its prefix length; ' +
        'write 203.0.113.0/24 for the network, or 203.0.113.1 for the one address',
    ],
    [
      'prefixes: [203.0.113.1]',
      '/prefixes/0 policy.value: "203.0.113.1" is no address with a prefix length; ' +
        'write it like 192.0.2.0/24 or 2001:db8::/32',
    ],
    [
      "prefixes: ['::/0']",
      '/prefixes/0 policy.value: ::/0 is everything, which the host cannot route to one account; ' +
        'name the prefixes that belong to the account',
    ],
    [
      'prefixes: [169.254.7.0/24]',
      '/prefixes/0 policy.value: 169.254.7.0/24 is link-local, which the host cannot route to one account; ' +
        'name the prefixes that belong to the account',
    ],
    [
      'prefixes: [203.0.113.0/24, 203.0.113.128/25]',
      '/prefixes/1 policy.conflict: 203.0.113.128/25 and 203.0.113.0/24 have addresses in common; ' +
        'keep the longer of the two alone, or neither twice',
    ],
    [
      'tunnels: [{name: uplink, kind: gre, local: 192.0.2.1, remote: 192.0.2.2}]',
      '/tunnels/0/name policy.value: "uplink" is taken; take another name',
    ],
    [
      'tunnels: [{name: a.b, kind: gre, local: 192.0.2.1, remote: 192.0.2.2}]',
      '/tunnels/0/name policy.value: "a.b" is not allowed here; name: 1 to 15 of a-z, 0-9, _ and -',
    ],
    [
      `tunnels: [${A}, {name: a, kind: ipip, local: 192.0.2.1, remote: 192.0.2.2}]`,
      '/tunnels/1/name policy.conflict: another tunnel has the name "a"; give each tunnel a name of its own',
    ],
    [
      `tunnels: [${A}, {name: b, kind: gre, local: 192.0.2.1, remote: 192.0.2.2}]`,
      '/tunnels/1 policy.conflict: the tunnel "a" has the same ends and key, and packets could not be told apart; ' +
        'give each a key of its own',
    ],
    [
      'tunnels: [{name: a, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2, key: 1}, ' +
        '{name: b, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.3, key: 1}]',
      '/tunnels/1 policy.conflict: the tunnel "a" has the same VNI and port, and packets could not be told apart; ' +
        'give each a key of its own',
    ],
    [
      "tunnels: [{name: a, kind: gre, local: 192.0.2.1, remote: '2001:db8::1'}]",
      '/tunnels/0/remote policy.value: local is an IPv4 address and remote an IPv6 one; ' +
        'let both be of one family: that of the outer header',
    ],
    [
      'tunnels: [{name: a, kind: gre, local: 192.0.2.1, remote: 192.0.2.1}]',
      '/tunnels/0/remote policy.value: local and remote are one address; ' +
        'let local be an address of the host, and remote that of the other end',
    ],
    [
      `prefixes: [203.0.113.0/24, 192.0.2.2/31]\ntunnels: [${A}]`,
      '/tunnels/0/remote policy.conflict: 192.0.2.2 lies in 192.0.2.2/31, which the host routes to the account: ' +
        'what leaves by the tunnel would come back into it; ' +
        'take the other end’s address out of the prefixes, or name another one',
    ],
    [
      'tunnels: [{name: a, kind: gre, local: 192.0.2.1, remote: 224.0.0.1}]',
      '/tunnels/0/remote policy.value: 224.0.0.1 is multicast, and no end of a tunnel; write the address of one machine',
    ],
    [
      'tunnels: [{name: a, kind: gre, local: here, remote: 192.0.2.1}]',
      '/tunnels/0/local policy.value: "here" is no IP address; write it like 192.0.2.1 or 2001:db8::1',
    ],
    [
      'tunnels: [{name: a, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2}]',
      '/tunnels/0/key policy.missing: a vxlan has no key; add key: the VNI, 0 to 16777215',
    ],
    [
      'tunnels: [{name: a, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2, key: 16777216}]',
      '/tunnels/0/key policy.value: 16777216 is no VNI, which has 24 bits; key: 0 to 16777215',
    ],
    [
      'tunnels: [{name: a, kind: ipip, local: 192.0.2.1, remote: 192.0.2.2, key: 1}]',
      '/tunnels/0/key policy.value: ipip has no key; remove key, or take gre',
    ],
    [gre('port: 1'), '/tunnels/0/port policy.value: gre has no port; remove port'],
    [gre('ttl: 256'), '/tunnels/0/ttl policy.value: 256 is not one of 1 to 255; ttl: 1 to 255'],
    [gre('ttl: 0x40'), '/tunnels/0/ttl policy.value: "0x40" is not allowed here; ttl: 1 to 255'],
    [
      gre("mtu: 1279, addresses: ['fd00::1/64']"),
      "/tunnels/0/addresses/0 policy.value: the tunnel's MTU of 1279 is too small for IPv6; raise mtu to 1280 or more",
    ],
    [
      "tunnels: [{name: a, kind: ipip, local: 192.0.2.1, remote: 192.0.2.2, addresses: ['fd00::1/64']}]",
      '/tunnels/0/addresses/0 policy.value: ipip over IPv4 carries IPv4 alone; take gre, or ipip over IPv6',
    ],
    [
      gre('addresses: [10.0.0.0/31, 10.0.0.0/30]'),
      '/tunnels/0/addresses/1 policy.conflict: 10.0.0.0 stands twice; give each tunnel its own',
    ],
    [
      gre('addresses: [10.0.0.0]'),
      '/tunnels/0/addresses/0 policy.value: "10.0.0.0" is no address with a prefix length; ' +
        'write this end with its prefix length, like 10.255.0.0/31 or fd00::1/64',
    ],
    [
      gre('addresses: [10.0.0.0/33]'),
      '/tunnels/0/addresses/0 policy.value: "10.0.0.0/33" has no prefix length of 0 to 32; ' +
        'write 10.0.0.0/32 for the one address, or a shorter prefix',
    ],
    [
      gre('health: {type: request}'),
      '/tunnels/0/health/target policy.missing: a request has no target; ' +
        'add target: an address that answers through the tunnel, or let type be reply',
    ],
    [
      gre('health: {speed: 1}'),
      '/tunnels/0/health/speed policy.unknown-key: unknown key "speed"; ' +
        'remove it; the keys here are rate, type, target, direction',
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: fra1', A.replace('name: a', 'name: fra')),
      '/routes/0/tunnel policy.unknown-name: there is no tunnel "fra1"; did you mean "fra"? there are: fra',
    ],
    [
      'routes: [{prefix: 203.0.113.0/24, tunnel: a}]',
      '/routes/0/tunnel policy.unknown-name: there is no tunnel "a"; the document has none',
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: a, gateway: 10.0.0.2'),
      '/routes/0/gateway policy.value: 10.0.0.2 is not inside the tunnel "a"; ' +
        'write an address that lies in the prefix of one of its addresses, or add such an address',
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: a, gateway: 10.0.0.0'),
      "/routes/0/gateway policy.value: 10.0.0.0 is this end of the tunnel; write the other end's address",
    ],
    [
      route("prefix: '2001:db8:1::/48', tunnel: a, gateway: 10.0.0.1"),
      '/routes/0/gateway policy.value: 10.0.0.1 cannot be the gateway of an IPv6 prefix; write an IPv6 address',
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: a', A.replace('gre', 'vxlan').replace('}', ', key: 1}')),
      '/routes/0/gateway policy.missing: a route by a vxlan has no gateway; ' +
        "add gateway: the other end's address inside the tunnel",
    ],
    [
      route("prefix: '2001:db8:1::/48', tunnel: a", A.replace('gre', 'ipip')),
      '/routes/0/prefix policy.value: ipip over IPv4 carries IPv4 alone; take gre, or ipip over IPv6',
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: a}, {prefix: 203.0.113.0/24, tunnel: a, weight: 2'),
      '/routes/1/prefix policy.conflict: another route has the same prefix, tunnel, gateway and priority; ' +
        'keep one of them; weight shares flows between tunnels',
    ],
    [
      route('prefix: 10.0.0.0/31, tunnel: a'),
      "/routes/0/prefix policy.conflict: this prefix is a tunnel's own, by the address of its end; remove the route",
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: a, weight: 257'),
      '/routes/0/weight policy.value: 257 is not one of 1 to 256; weight: 1 to 256',
    ],
    [
      route('prefix: 203.0.113.0/24, tunnel: a, priority: 0'),
      '/routes/0/priority policy.value: 0 is not one of 1 to 1000000000; priority: 1 to 1000000000, the lowest wins',
    ],
  ])('%s', (text, problem) => {
    expect(refusal(text)).toBe(problem);
  });

  test('for more of anything than an account may have', () => {
    const limits = { ...DEFAULT_POLICY_LIMITS, prefixes: 1 };
    expect(refusal('prefixes: [203.0.113.0/25, 203.0.113.128/25]', limits)).toBe(
      '/prefixes/1 policy.limit: 2 prefixes, and an account may have 1; remove what is too much, or have the limit raised',
    );
  });
});

test('a fault of one tunnel is not told again of its routes', () => {
  expect(refusal(route('prefix: 203.0.113.0/24, tunnel: a', A.replace('192.0.2.2', 'there')))).toBe(
    '/tunnels/0/remote policy.value: "there" is no IP address; write it like 192.0.2.1 or 2001:db8::1',
  );
});

test('an IPv6 gateway may be link-local', () => {
  const routes = read(route("prefix: '2001:db8:1::/48', tunnel: a, gateway: 'fe80::2'")).routes;
  expect(routes[0]?.gateway).toEqual(address('fe80::2'));
});
