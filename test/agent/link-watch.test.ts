// What others change of an account's links, neighbours, addresses, routes and settings is a sign.
import { type HostSign, watchHost, watchLinks } from '../../src/agent/link-watch';
import type { Sign } from '../../src/agent/sign';
import { isSetFdbEntry } from '../../src/netlink/route/fdb';
import { type Subscription, subscribe } from '../../src/netlink/subscription';
import { makeNamespace, type TestNamespace } from '../netlink/namespace';

let namespace: TestNamespace;
let watch: Subscription | undefined;

beforeEach(() => {
  namespace = makeNamespace('link-watch');
  for (const command of [
    'link set lo up',
    'link add name va type veth peer name vb',
    // No addresses of the kernel's own, whose detection of duplicates would be told later.
    'link set va addrgenmode none',
    'link set vb addrgenmode none',
    'link set vb up',
    'link set va up',
    'address add 10.0.0.1/24 dev va',
    'address add fd00::1/64 dev va nodad',
    'neighbour add 10.0.0.2 lladdr 02:00:00:00:00:02 dev va nud permanent',
    'route add 203.0.113.0/24 dev va',
    'route add 2001:db8::/48 dev va',
    'link add vt type vxlan id 7 remote 10.0.0.2 dstport 4789 nolearning',
    'link set vt addrgenmode none',
    'link set vt up',
    'link add br9 type bridge',
  ])
    namespace.run('ip', ...command.split(' '));
  // The kernel tells of this a while later.
  namespace.run('sh', '-c', 'until ip link show va | grep -q "state UP"; do sleep 0.02; done');
  namespace.run('sh', '-c', 'until ip link show vb | grep -q "state UP"; do sleep 0.02; done');
});

afterEach(() => {
  watch?.close();
  namespace.remove();
});

function firstSign(isOwn: (portId: number) => boolean = () => false): Promise<Sign> {
  const name = namespace.path.slice('/run/netns/'.length);
  return new Promise(resolve => {
    watch = watchLinks({ namespace: name }, 65_536, isOwn, resolve);
  });
}

test.each([
  ['link set va down'],
  ['link set va mtu 1400'],
  ['link set va alias other'],
  ['link delete va'],
  ['address add 10.0.1.1/24 dev va'],
  ['address delete 10.0.0.1/24 dev va'],
  ['address add fd00:1::1/64 dev va nodad'],
  ['address delete fd00::1/64 dev va'],
  ['route delete 203.0.113.0/24'],
  ['route replace 203.0.113.0/24 dev vb'],
  ['-6 route delete 2001:db8::/48'],
  ['-6 route add default dev va'],
  ['neighbour delete 10.0.0.2 dev va'],
  ['neighbour replace 10.0.0.2 lladdr 02:00:00:00:00:03 dev va nud permanent'],
  ['neighbour add fd00::2 lladdr 02:00:00:00:00:02 dev va nud permanent'],
  ['link set vt master br9'],
  ['link set vt arp off'],
  ['link set vt protodown on'],
])('ip %s', async command => {
  const sign = firstSign();
  namespace.run('ip', ...command.split(' '));
  expect(await sign).toEqual({ kind: 'foreign_change' });
});

const ANY = '00:00:00:00:00:00';

test.each([
  [`delete ${ANY} dev vt dst 10.0.0.2 self`],
  [`append ${ANY} dev vt dst 10.0.0.3 self`],
  [`append ${ANY} dev vt dst 10.0.0.2 self dynamic`],
  ['add 02:00:00:00:00:09 dev vt dst 10.0.0.3 self'],
  ['add 02:00:00:00:00:09 dev vt dst 10.0.0.3 self static'],
])('bridge fdb %s', async command => {
  const sign = firstSign();
  namespace.run('bridge', 'fdb', ...command.split(' '));
  expect(await sign).toEqual({ kind: 'foreign_change' });
});

test('what a device learns of the frames that come in by it is no sign', async () => {
  const signs: boolean[] = [];
  const last = new Promise<void>(resolve => {
    watch = subscribe({ protocol: 'route', groups: ['neighbour'], netns: namespace.path }, event => {
      const isOfBridge = event.kind === 'neighbour' && event.message.payload[0] === 7;
      if (isOfBridge) signs.push(isSetFdbEntry(event.message));
      if (signs.includes(true)) resolve();
    });
  });
  // As vxlan_snoop() makes them.
  for (const command of [
    'add 02:00:00:00:00:09 dev vt dst 10.0.0.3 self dynamic',
    'replace 02:00:00:00:00:09 dev vt dst 10.0.0.4 self dynamic',
    'delete 02:00:00:00:00:09 dev vt dst 10.0.0.4 self',
    `append ${ANY} dev vt dst 10.0.0.3 self`,
  ])
    namespace.run('bridge', 'fdb', ...command.split(' '));
  await last;
  expect(signs).toEqual([false, false, false, true]);
});

test.each([
  ['net.ipv4.ip_forward=1'],
  ['net.ipv4.conf.all.rp_filter=2'],
  ['net.ipv4.conf.va.rp_filter=2'],
  ['net.ipv4.conf.va.forwarding=1'],
  ['net.ipv6.conf.all.forwarding=1'],
  ['net.ipv6.conf.va.forwarding=1'],
])('sysctl %s', async setting => {
  const sign = firstSign();
  namespace.run('sysctl', '-q', '-w', setting);
  expect(await sign).toEqual({ kind: 'foreign_change' });
});

describe('in the host’s namespace', () => {
  const VA = { kind: 'link', account: 'acme' } as const;

  test.each<[string, string, (index: number) => HostSign]>([
    ['a change of an account’s link', 'ip link set va mtu 1400', () => VA],
    ['a neighbour behind a link', 'ip neighbour delete 10.0.0.2 dev va', index => ({ kind: 'device', index })],
    ['a setting of a link', 'sysctl -qw net.ipv4.conf.va.rp_filter=2', index => ({ kind: 'device', index })],
    ['a deleted route of ours', 'ip route delete 198.51.100.0/24', () => route(198, 51, 100)],
    [
      'a route at the place of ours',
      'ip route replace 198.51.100.0/24 dev vb metric 82 protocol static',
      () => route(198, 51, 100),
    ],
  ])('%s', async (_, command, expected) => {
    namespace.run('ip', 'link', 'set', 'va', 'alias', 'rampart realm=test account=acme link=uplink');
    namespace.run('ip', 'route', 'add', '198.51.100.0/24', 'dev', 'va', 'metric', '82', 'protocol', '82');
    const index = Number.parseInt(namespace.run('ip', '-o', 'link', 'show', 'va'), 10);
    const sign = firstHostSign();
    // None of ours.
    namespace.run('ip', 'route', 'delete', '203.0.113.0/24');
    namespace.run('sh', '-c', command);
    expect(await sign).toEqual(expected(index));
  });

  function route(a: number, b: number, c: number): HostSign {
    const value = BigInt((a * 65_536 + b * 256 + c) * 256);
    return { kind: 'route', prefix: { network: { family: 4, value }, length: 24 } };
  }

  function firstHostSign(): Promise<HostSign> {
    const target = { namespace: namespace.path.slice('/run/netns/'.length) };
    return new Promise(resolve => {
      watch = watchHost(target, { realm: 'test' }, 65_536, () => false, resolve);
    });
  }
});
