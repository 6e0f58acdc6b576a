// An account's network in the kernel: made, kept, put right where others break it, changed and taken away; what is not
// ours stays as it is.

import type { Account } from '../../src/account/account';
import { createNamespace, namespaceExists } from '../../src/netns/namespace';
import { listAccounts } from '../../src/network/list-accounts';
import { openNetwork } from '../../src/network/network';
import { networkPlan } from '../../src/network/plan';
import { removeNetwork } from '../../src/network/remove';
import { accountOf, type Raised, raise } from './account';
import { hostState } from './host-state';
import { ask, type Echo, isUnanswered, makeWorld, startEcho, type World } from './world';

const DOCUMENT = `
prefixes: [203.0.113.0/24, '2001:db8:1::/48']
tunnels:
  - {name: fra1, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2, key: 42, addresses: [10.255.0.0/31, 'fd00:255::/127']}
routes:
  - {prefix: 203.0.113.0/24, tunnel: fra1, gateway: 10.255.0.1}
  - {prefix: '2001:db8:1::/48', tunnel: fra1, gateway: 'fd00:255::1'}
`;
const ACCOUNT = accountOf(DOCUMENT, '[{ref: telnet, expression: tcp.dstport == 23, action: block}]');
const NOTHING = { added: [], changed: [], removed: [], none: true };

let world: World;
let echo: Echo;
let raised: Raised;

beforeAll(async () => {
  world = makeWorld('apply');
  const { run } = world;
  run('origin', 'ip', 'link', 'add', 't0', 'type', 'vxlan', 'id', '42', 'remote', '192.0.2.1', 'dstport', '4789');
  run('origin', 'ip', 'link', 'set', 't0', 'up', 'mtu', '1450');
  run('origin', 'ip', 'address', 'add', '10.255.0.1/31', 'dev', 't0');
  run('origin', 'ip', 'address', 'add', 'fd00:255::1/127', 'dev', 't0', 'nodad');
  echo = await startEcho(world, 'origin', '203.0.113.10', '2001:db8:1::10');
});

afterAll(async () => {
  await echo.stop();
  world.remove();
});

beforeEach(() => {
  raised = raise(world, ACCOUNT);
});

afterEach(async () => {
  await raised.remove();
});

function plan(account: Account = ACCOUNT) {
  return networkPlan(account, world.names, new Map());
}

async function expectSettled(account: Account = ACCOUNT): Promise<void> {
  expect(await raised.network.verify(plan(account))).toEqual(NOTHING);
}

function expectReached(): void {
  expect(ask(world, 'client', 'udp', '203.0.113.10', 100)).toBe(true);
  expect(ask(world, 'client', 'udp', '2001:db8:1::10', 100)).toBe(true);
}

/** Without those that the modules of tunnels put into every namespace, as soon as they are loaded. */
function linksIn(role: string): readonly string[] {
  const names = [...world.run(role, 'ip', '-o', 'link').matchAll(/^\d+: ([^:@]+)/gm)].map(([, name]) => String(name));
  return names.filter(name => !/^(tunl0|gre0|gretap0|erspan0|sit0|ip6tnl0|ip6gre0)$/.test(name));
}

test('what is there is not sent again', async () => {
  const { added } = await raised.put(ACCOUNT);
  expect(added).toContain('tunnel fra1 (vxlan)');
  expect(await raised.put(ACCOUNT)).toEqual(NOTHING);
  await expectSettled();
});

test('nothing is ready for packets before the rules are in force', async () => {
  await raised.network.prepare(plan());
  expect(linksIn('acme')).toEqual(['lo']);
  expect(world.run('host', 'ip', 'route')).not.toContain('203.0.113.0/24');
});

test('no link comes into a namespace that took the place of the prepared one', async () => {
  await raised.put(ACCOUNT);
  world.run('host', 'ip', 'netns', 'delete', world.space('acme'));
  createNamespace(world.space('acme'));
  await expect(raised.network.apply(plan())).rejects.toMatchObject({ code: 'network.unprepared' });
  expect(linksIn('acme')).toEqual(['lo']);
});

test('removal leaves what was there before, and nothing is left to remove', async () => {
  const before = hostState(world);
  await raised.put(ACCOUNT);
  expect(hostState(world)).not.toBe(before);
  const { removed } = await raised.remove();
  expect(removed).toContain(`namespace ${world.space('acme')}`);
  expect(hostState(world)).toBe(before);
  expect(namespaceExists(world.space('acme'))).toBe(false);
  expect(await raised.remove()).toEqual(NOTHING);
});

test('the packet table is what nft would have made', async () => {
  await raised.put(ACCOUNT);
  const text = world.run('acme', 'nft', 'list', 'table', 'ip', 'rampart_network');
  // Before the chains stand owner and program, which are the kernel's.
  expect(text.slice(text.indexOf('\tchain'))).toBe(`\tchain unforwarded {
\t\ttype filter hook forward priority filter; policy accept;
\t\tiifname != "uplink" drop comment "from all but uplink"
\t}

\tchain clamp {
\t\ttype filter hook forward priority mangle; policy accept;
\t\tiifname "fra1" tcp flags syn / syn,rst tcp option maxseg size set 1410 comment "from fra1"
\t\toifname "fra1" tcp flags syn / syn,rst tcp option maxseg size set 1410 comment "to fra1"
\t}
}
`);
});

test("the tables are nobody else's, also after another process has had them", async () => {
  await raised.put(ACCOUNT);
  const flush = () => world.attempt('acme', 'nft', 'flush table ip rampart_network').status;
  // Before Linux 6.9 tables have no owner that they outlive.
  if (!world.run('acme', 'nft', 'list', 'ruleset').includes('flags owner')) return;
  expect(flush()).not.toBe(0);
  raised.close();
  await raised.put(ACCOUNT);
  expect(flush()).not.toBe(0);
});

describe('is put right:', () => {
  const HOST_LINK = `$(ip -o link show type veth | grep -o 'rp[0-9a-f]*')`;
  // The kernel looks for them where the outer packets leave.
  const NEXT_HOPS = 'ip nexthop add id 1 via 192.0.2.3 fdb; ip nexthop add id 2 group 1 fdb';
  const BRIDGE = 'ip link add br9 type bridge; ip link set br9 up';

  test.each([
    ['acme', 'the tunnel is deleted', 'ip link delete fra1', 'tunnel fra1 (vxlan)'],
    ['acme', 'the tunnel is down', 'ip link set fra1 down', 'link fra1: up'],
    ['acme', 'the tunnel has another MTU', 'ip link set fra1 mtu 1300', 'link fra1: mtu 1450'],
    ['acme', 'the tunnel has another name', 'ip link set fra1 down; ip link set fra1 name x', 'tunnel fra1 (vxlan)'],
    ['acme', 'the tunnel has no alias', 'ip link set fra1 alias ""', 'link fra1: alias rampart realm='],
    ['acme', 'the tunnel learns', 'ip link set fra1 type vxlan learning', 'tunnel fra1 (vxlan)'],
    [
      'acme',
      'the tunnel leads nowhere',
      'bridge fdb delete 00:00:00:00:00:00 dev fra1 dst 192.0.2.2 self',
      'fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.2',
    ],
    [
      'acme',
      'the tunnel leads to another end besides',
      'bridge fdb append 00:00:00:00:00:00 dev fra1 dst 192.0.2.3 port 99 vni 7 via uplink self',
      'fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.3 port 99 vni 7',
    ],
    [
      'acme',
      'the tunnel leads to another end instead',
      'bridge fdb append 00:00:00:00:00:00 dev fra1 dst 192.0.2.3 self; bridge fdb delete 00:00:00:00:00:00 dev fra1 dst 192.0.2.2 self',
      'fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.2',
    ],
    [
      'acme',
      'the tunnel leads to the other end by another port',
      'bridge fdb delete 00:00:00:00:00:00 dev fra1 self; bridge fdb append 00:00:00:00:00:00 dev fra1 dst 192.0.2.2 port 99 self',
      'fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.2 port 99',
    ],
    [
      'acme',
      'the tunnel leads to the other end for five minutes',
      'bridge fdb append 00:00:00:00:00:00 dev fra1 dst 192.0.2.2 self dynamic',
      'fdb entry 00:00:00:00:00:00 of fra1: to 192.0.2.2',
    ],
    [
      'acme',
      "a station's frames go elsewhere",
      'bridge fdb add 02:00:00:00:00:09 dev fra1 dst 192.0.2.3 self',
      'fdb entry 02:00:00:00:00:09 of fra1: to 192.0.2.3',
    ],
    [
      'acme',
      'the tunnel leads to a group of next hops',
      'bridge fdb delete 00:00:00:00:00:00 dev fra1 self; bridge fdb add 00:00:00:00:00:00 dev fra1 nhid 2 self',
      'fdb entry 00:00:00:00:00:00 of fra1: to next hop 2',
    ],
    ['acme', 'the tunnel asks for no neighbours', 'ip link set fra1 arp off', 'link fra1: arp on'],
    ['acme', 'the uplink asks for no neighbours', 'ip link set uplink arp off', 'link uplink: arp on'],
    ['acme', 'the tunnel has no carrier', 'ip link set fra1 protodown on', 'link fra1: protodown off'],
    ['acme', 'the tunnel is in a bridge', `${BRIDGE}; ip link set fra1 master br9`, 'link fra1: no master'],
    ['acme', 'the uplink is in a bridge', `${BRIDGE}; ip link set uplink master br9`, 'link uplink: no master'],
    ['acme', "the tunnel is in the host's namespace", 'ip link set fra1 netns HOST', 'tunnel fra1 (vxlan)'],
    ['acme', 'the uplink is in another namespace', 'ip link set uplink netns OTHER', 'link uplink, on the host rp'],
    [
      'host',
      "the host's link is in another namespace",
      `ip link set ${HOST_LINK} netns OTHER`,
      'link uplink, on the host rp',
    ],
    ['acme', 'the uplink is deleted', 'ip link delete uplink', 'link uplink, on the host rp'],
    ['acme', 'the uplink is down', 'ip link set uplink down', 'link uplink: up'],
    ['acme', 'the uplink has another MAC', 'ip link set uplink address 02:00:00:00:00:01', 'link uplink: address 02:'],
    ['acme', 'an address is gone', 'ip address delete 10.255.0.0/31 dev fra1', 'address 10.255.0.0/31 of fra1'],
    ['acme', 'a route is gone', 'ip route delete 203.0.113.0/24 metric 100', 'route 203.0.113.0/24 by fra1'],
    [
      'acme',
      'a route goes elsewhere',
      'ip route replace 203.0.113.0/24 via 169.254.0.1 dev uplink onlink metric 100 proto 82',
      'route 203.0.113.0/24 by fra1',
    ],
    ['acme', 'all routes are gone', 'ip route flush table main; ip -6 route flush table main', 'route 2001:db8:1::/48'],
    ['acme', 'a neighbour is gone', 'ip neighbour flush dev uplink nud permanent', 'neighbour 169.254.0.1 of uplink'],
    ['acme', 'nothing is forwarded', 'sysctl -qw net.ipv4.ip_forward=0', 'setting net/ipv4/conf/all/forwarding=1'],
    ['acme', 'the way back is asked for', 'sysctl -qw net.ipv4.conf.all.rp_filter=1', 'rp_filter=0'],
    ['host', "the host's link is deleted", `ip link delete ${HOST_LINK}`, 'link uplink, on the host rp'],
    ['host', "the host's link is down", `ip link set ${HOST_LINK} down`, ' on the host: up'],
    [
      'host',
      "the host's link is in a bridge",
      `${BRIDGE}; ip link set ${HOST_LINK} master br9`,
      ' on the host: no master',
    ],
    ['host', "the host's route is gone", 'ip route delete 203.0.113.0/24', 'route 203.0.113.0/24 by rp'],
    [
      'host',
      "the host's link is renamed",
      `ip link set ${HOST_LINK} down; ip link set ${HOST_LINK} name x0`,
      'link uplink, on the host rp',
    ],
  ])('in %s: %s', async (role, _, command, words) => {
    await raised.put(ACCOUNT);
    if (command.includes('nhid')) world.run('host', 'sh', '-c', NEXT_HOPS);
    world.run(role, 'sh', '-c', command.replace('OTHER', world.space('origin')).replace('HOST', world.space('host')));
    const found = await raised.network.verify(plan());
    expect([...found.added, ...found.changed, ...found.removed].some(each => each.includes(words))).toBe(true);
    await raised.put(ACCOUNT);
    await expectSettled();
    expectReached();
  });

  test('the namespace is gone', async () => {
    await raised.put(ACCOUNT);
    world.run('host', 'ip', 'netns', 'delete', world.space('acme'));
    expect((await raised.network.verify(plan())).added).toEqual([`namespace ${world.space('acme')}`]);
    await raised.put(ACCOUNT);
    await expectSettled();
    expectReached();
  });

  test('the mark of the namespace is gone', async () => {
    await raised.put(ACCOUNT);
    world.run('acme', 'ip', 'link', 'set', 'lo', 'alias', '');
    expect((await raised.network.verify(plan())).changed).toEqual([`namespace ${world.space('acme')}`]);
    await raised.put(ACCOUNT);
    await expectSettled();
  });
});

describe('a changed document', () => {
  test.each([
    ['another key', 'key: 42', 'key: 43', ['tunnel fra1 (vxlan)']],
    ['another MTU', 'key: 42', 'key: 42, mtu: 1400', ['link fra1: mtu 1400']],
    [
      'another name',
      /fra1/g,
      'ams1',
      ['tunnel ams1 (vxlan)', 'link fra1', 'route 203.0.113.0/24 by ams1 via 10.255.0.1 priority 100'],
    ],
    [
      'another prefix',
      '203.0.113.0/24, ',
      '198.51.100.0/24, ',
      ['route 198.51.100.0/24 unreachable priority 4294967294', 'route 203.0.113.0/24 unreachable priority 4294967294'],
    ],
    [
      'another address',
      '10.255.0.0/31',
      '10.255.0.0/30',
      ['address 10.255.0.0/30 of fra1', 'address 10.255.0.0/31 of fra1'],
    ],
    ['another MSS', 'tunnels:', 'mss: 1000\ntunnels:', ['table ip rampart_network', 'table ip6 rampart_network']],
    ['answers by the tunnel', 'tunnels:', 'return: tunnel\nmss: off\ntunnels:', ['table ip rampart_network']],
    ['no tunnel', /tunnels:.*/s, '', ['link fra1', 'table ip rampart_network']],
    ['no network', /.*/s, '', ['link uplink', 'link fra1']],
  ])('%s', async (_, from, to, words) => {
    await raised.put(ACCOUNT);
    const next = accountOf(DOCUMENT.replace(from, to));
    const { added, changed, removed } = await raised.put(next);
    for (const each of words) expect([...added, ...changed, ...removed]).toContain(each);
    await expectSettled(next);
    await raised.put(ACCOUNT);
    await expectSettled();
  });
});

describe("what is somebody else's stays, and is told:", () => {
  test('a namespace of that name', async () => {
    createNamespace(world.space('acme'));
    world.run('acme', 'ip', 'link', 'set', 'lo', 'up');
    await expect(raised.network.prepare(plan())).rejects.toMatchObject({ code: 'network.foreign-namespace' });
    expect(await removeNetwork(world.names, ACCOUNT, world.host)).toEqual(NOTHING);
    expect(namespaceExists(world.space('acme'))).toBe(true);
    world.run('host', 'ip', 'netns', 'delete', world.space('acme'));
  });

  test('a link', async () => {
    await raised.network.prepare(plan());
    world.run('acme', 'ip', 'link', 'add', 'fra1', 'type', 'bridge');
    await expect(raised.network.apply(plan())).rejects.toMatchObject({
      code: 'network.foreign-link',
      message: `network namespace ${world.space('acme')} has a link fra1 already, which is not of account acme`,
    });
    expect(world.run('acme', 'ip', '-d', 'link', 'show', 'fra1')).toContain('bridge');
  });

  test('a route', async () => {
    const before = 'ip route add 203.0.113.0/24 via 192.0.2.2 metric 82';
    world.run('host', 'sh', '-c', before);
    await expect(raised.put(ACCOUNT)).rejects.toMatchObject({ code: 'network.foreign-route' });
    expect(world.run('host', 'ip', 'route')).toContain('203.0.113.0/24 via 192.0.2.2 dev ho metric 82');
    world.run('host', 'ip', 'route', 'delete', '203.0.113.0/24');
    await raised.put(ACCOUNT);
    await expectSettled();
  });

  test('a table', async () => {
    createNamespace(world.space('acme'));
    world.run('acme', 'nft', 'add table ip rampart_network');
    await expect(raised.network.prepare(plan())).rejects.toMatchObject({ code: 'network.foreign-table' });
    expect(world.run('acme', 'nft', 'list tables')).toContain('rampart_network');
  });

  test('a tunnel with the same VNI', async () => {
    world.run(
      'host',
      'ip',
      'link',
      'add',
      'theirs',
      'type',
      'vxlan',
      'id',
      '42',
      'dstport',
      '4789',
      'remote',
      '192.0.2.9',
    );
    await expect(raised.put(ACCOUNT)).rejects.toMatchObject({ code: 'network.tunnel-taken' });
    world.run('host', 'ip', 'link', 'delete', 'theirs');
    await raised.put(ACCOUNT);
    await expectSettled();
  });

  test('routes, addresses and links in a namespace that is used', async () => {
    const blue = world.space('blue');
    createNamespace(blue);
    const commands = [
      'ip link set lo up',
      'ip link add br0 type bridge',
      'ip link set br0 up',
      'ip address add 10.9.0.1/24 dev br0',
      'ip route add 203.0.113.128/25 via 10.9.0.2',
      'nft add table ip theirs',
    ];
    world.run('blue', 'sh', '-c', `sysctl -qw net.ipv6.conf.default.accept_dad=0; ${commands.join('; ')}`);
    const before = hostState(world, 'blue');
    const account = accountOf(`namespace: {existing: ${blue}}\n${DOCUMENT}`);
    const bound = raise(world, account);
    await bound.put(account);
    expect(await bound.put(account)).toEqual(NOTHING);
    expect(world.run('blue', 'ip', 'link')).toContain('fra1');
    await bound.remove();
    expect(hostState(world, 'blue')).toBe(before);
  });
});

test("an account in the host's namespace has its tunnels there, and goes without a trace", async () => {
  const before = hostState(world);
  const account = accountOf(`namespace: host\n${DOCUMENT}`);
  const bound = raise(world, account);
  await bound.put(account);
  expect(await bound.put(account)).toEqual(NOTHING);
  expectReached();
  await bound.remove();
  expect(hostState(world)).toBe(before);
});

test('two accounts do not know of each other', async () => {
  const other = accountOf(
    `prefixes: [198.51.100.0/24]
tunnels: [{name: fra1, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2, key: 7, addresses: [10.255.0.0/31]}]
routes: [{prefix: 198.51.100.0/24, tunnel: fra1, gateway: 10.255.0.1}]`,
    '[]',
    'other',
  );
  const second = raise(world, other);
  await raised.put(ACCOUNT);
  await second.put(other);
  expect(await raised.put(ACCOUNT)).toEqual(NOTHING);
  await second.remove();
  expect(await raised.network.verify(plan())).toEqual(NOTHING);
  expectReached();
});

test.each([
  ['203.0.113.0/24', 'the host routes 203.0.113.0/24 to account acme'],
  ['203.0.113.128/25', 'the host routes 203.0.113.0/24, which overlaps 203.0.113.128/25, to account acme'],
  ['203.0.112.0/23', 'the host routes 203.0.113.0/24, which overlaps 203.0.112.0/23, to account acme'],
  ["'2001:db8::/32'", 'the host routes 2001:db8:1::/48, which overlaps 2001:db8::/32, to account acme'],
])("no account takes another's packets by the prefix %s", async (prefix, message) => {
  const other = accountOf(`prefixes: [${prefix}]`, '[]', 'other');
  const second = raise(world, other);
  await raised.put(ACCOUNT);
  const links = world.run('host', 'ip', '-o', 'link');
  await expect(second.put(other)).rejects.toMatchObject({ code: 'network.prefix-taken', message });
  expect(world.run('host', 'ip', '-o', 'link')).toBe(links);
  await second.remove();
  await expectSettled();
});

test('accounts are found by what is there of them', async () => {
  const realm = { realm: `${world.names.realm.slice(0, 30)}-x` };
  const elsewhere = openNetwork(realm, ACCOUNT, world.host);
  await raised.put(ACCOUNT);
  await elsewhere.prepare(networkPlan(ACCOUNT, realm, new Map()));
  expect(await listAccounts(world.names, world.host)).toEqual([{ account: 'acme', namespaces: [{ kind: 'own' }] }]);
  expect(await listAccounts(realm, world.host)).toEqual([{ account: 'acme', namespaces: [{ kind: 'own' }] }]);
  elsewhere.close();
  await removeNetwork(realm, ACCOUNT, world.host);
  await raised.remove();
  expect(await listAccounts(world.names, world.host)).toEqual([]);
});

test('where all tunnels of a prefix are gone its packets are answered, and do not go round', async () => {
  await raised.put(ACCOUNT);
  world.run('acme', 'ip', 'link', 'delete', 'fra1');
  const forwarded = () => world.run('acme', 'sh', '-c', "cat /proc/net/snmp | grep '^Ip: [0-9]' | cut -d' ' -f7");
  const before = Number(forwarded());
  expect(isUnanswered(world, 'client', '203.0.113.10', 100)).toBe(true);
  expect(Number(forwarded())).toBe(before);
});
