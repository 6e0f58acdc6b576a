// The way to an account's namespace, by our requests, as `ip` shows it and as our decoders read it.

import { closeSync, openSync } from 'node:fs';
import { type Address, parseAddress } from '../../../src/net/address';
import type { Connection } from '../../../src/netlink/connection';
import { addAddress, decodeInterfaceAddress, dumpAddresses, replaceAddress } from '../../../src/netlink/route/address';
import { decodeFdbEntry, dumpFdb } from '../../../src/netlink/route/fdb';
import {
  createLink,
  createVeth,
  decodeLink,
  deleteLink,
  dumpLinks,
  getLink,
  setLink,
} from '../../../src/netlink/route/link';
import {
  decodeNeighbour,
  deleteNeighbour,
  dumpNeighbours,
  replaceNeighbour,
} from '../../../src/netlink/route/neighbour';
import { decodeNetnsId, getNetnsId } from '../../../src/netlink/route/netns-id';
import { addRoute, decodeRoute, deleteRoute, dumpRoutes, replaceRoute } from '../../../src/netlink/route/route';
import { makeNamespace, type TestNamespace } from '../namespace';
import { hostAndAccount } from './host-and-account';

let outside: TestNamespace;
let host: Connection;
let account: Connection;
let insideFd: number;

hostAndAccount('setup', made => {
  ({ outside, host, account, insideFd } = made);
});

function ip(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

/** Sends to a UDP port where nobody listens: 'refused' says that a packet went there and an ICMP error came back. */
const PROBE = `
import socket, sys
probe = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
probe.settimeout(2)
probe.connect((sys.argv[1], 9))
probe.send(b'?')
try:
    probe.recv(1)
except ConnectionRefusedError:
    print('refused')
`;

async function indexOf(connection: Connection, name: string): Promise<number> {
  const [message] = await connection.request(getLink({ name }));
  if (message === undefined) throw new Error(`${name} is not listed`);
  return decodeLink(message).index;
}

test('a veth pair across namespaces, up on both ends, with addresses, neighbours and routes, passes packets', async () => {
  await host.request(
    createVeth({
      name: 'a',
      mtu: 1400,
      address: '02:00:00:00:00:01',
      peer: { name: 'b', address: '02:00:00:00:00:02', netns: insideFd },
    }),
  );
  await host.request(setLink({ name: 'a' }, { up: true }));
  await account.request(setLink({ name: 'b' }, { up: true, mtu: 1400 }));
  const a = await indexOf(host, 'a');
  const b = await indexOf(account, 'b');
  await host.request(addAddress({ interface: a, address: ip('10.0.0.1'), prefixLength: 24 }));
  await host.request(addAddress({ interface: a, address: ip('2001:db8::1'), prefixLength: 64, nodad: true }));
  await account.request(addAddress({ interface: b, address: ip('10.0.0.2'), prefixLength: 24 }));
  await account.request(addAddress({ interface: b, address: ip('2001:db8::2'), prefixLength: 64, nodad: true }));
  await host.request(addRoute({ destination: ip('192.0.2.0'), prefixLength: 24, gateway: ip('10.0.0.2') }));
  await host.request(
    addRoute({
      destination: ip('2001:db8:1::'),
      prefixLength: 48,
      gateway: ip('2001:db8::2'),
      interface: a,
      priority: 7,
    }),
  );
  await host.request(addRoute({ destination: ip('198.51.100.0'), prefixLength: 24, type: 'blackhole', table: 1000 }));
  await host.request(replaceNeighbour({ interface: a, address: ip('10.0.0.2'), linkAddress: '02:00:00:00:00:02' }));
  await host.request(replaceNeighbour({ interface: a, address: ip('2001:db8::2'), linkAddress: '02:00:00:00:00:02' }));

  expect(outside.run('python3', '-c', PROBE, '10.0.0.2')).toBe('refused\n');
  expect(outside.run('python3', '-c', PROBE, '2001:db8::2')).toBe('refused\n');
  expect(outside.run('ip', 'route', 'show', '192.0.2.0/24')).toBe('192.0.2.0/24 via 10.0.0.2 dev a \n');
  expect(outside.run('ip', 'route', 'show', 'table', '1000')).toBe('blackhole 198.51.100.0/24 \n');
  expect(outside.run('ip', '-6', 'route', 'show', '2001:db8:1::/48')).toBe(
    '2001:db8:1::/48 via 2001:db8::2 dev a metric 7 pref medium\n',
  );
  expect(outside.run('ip', 'neighbour', 'show', 'nud', 'permanent', 'to', '10.0.0.2')).toBe(
    '10.0.0.2 dev a lladdr 02:00:00:00:00:02 PERMANENT \n',
  );
});

test('links are read as they are', async () => {
  const links = (await host.dump(dumpLinks())).map(decodeLink);
  expect(links.find(({ name }) => name === 'a')).toEqual({
    index: await indexOf(host, 'a'),
    name: 'a',
    up: true,
    mtu: 1400,
    address: '02:00:00:00:00:01',
    kind: 'veth',
    arp: true,
    protodown: false,
    link: await indexOf(account, 'b'),
    linkNetnsId: 0,
  });
  expect(links.find(({ name }) => name === 'lo')).toEqual({
    index: 1,
    name: 'lo',
    up: false,
    mtu: 65536,
    address: '00:00:00:00:00:00',
    arp: true,
    protodown: false,
  });
});

test('a namespace has a number where the other end of a link is in it, and otherwise none', async () => {
  const numbered = async (connection: Connection, netns: number) =>
    (await connection.request(getNetnsId(netns))).map(decodeNetnsId);
  expect(await numbered(host, insideFd)).toEqual([0]);
  const other = makeNamespace('unknown');
  const otherFd = openSync(other.path, 'r');
  expect(await numbered(host, otherFd)).toEqual([undefined]);
  closeSync(otherFd);
  other.remove();
});

test('addresses are read as they are, of one device', async () => {
  const index = await indexOf(host, 'a');
  const listed = (await host.dump(dumpAddresses(index))).map(decodeInterfaceAddress);
  expect(listed).toEqual(
    expect.arrayContaining([
      { interface: index, address: ip('10.0.0.1'), prefixLength: 24, nodad: false, tentative: false },
      { interface: index, address: ip('2001:db8::1'), prefixLength: 64, nodad: true, tentative: false },
    ]),
  );
  expect(await host.dump(dumpAddresses(1))).toEqual([]);
});

test('routes are read as they are, of one table', async () => {
  const index = await indexOf(host, 'a');
  expect((await host.dump(dumpRoutes(4, 1000))).map(decodeRoute)).toEqual([
    { destination: ip('198.51.100.0'), prefixLength: 24, type: 'blackhole', table: 1000, protocol: 3 },
  ]);
  expect((await host.dump(dumpRoutes(4, 254))).map(decodeRoute)).toEqual([
    { destination: ip('10.0.0.0'), prefixLength: 24, type: 'unicast', interface: index, table: 254, protocol: 2 },
    {
      destination: ip('192.0.2.0'),
      prefixLength: 24,
      type: 'unicast',
      gateway: ip('10.0.0.2'),
      interface: index,
      table: 254,
      protocol: 3,
    },
  ]);
  const v6 = (await host.dump(dumpRoutes(6, 254))).map(decodeRoute);
  expect(v6).toContainEqual({
    destination: ip('2001:db8:1::'),
    prefixLength: 48,
    type: 'unicast',
    gateway: ip('2001:db8::2'),
    interface: index,
    table: 254,
    priority: 7,
    protocol: 3,
  });
});

test('neighbours are read as they are', async () => {
  const index = await indexOf(host, 'a');
  expect((await host.dump(dumpNeighbours(4))).map(decodeNeighbour)).toContainEqual({
    interface: index,
    address: ip('10.0.0.2'),
    linkAddress: '02:00:00:00:00:02',
    permanent: true,
  });
});

test('entries of a VXLAN are read as they are, without those of the bridge that it is in', async () => {
  const run = (command: string) => outside.run('sh', '-c', command);
  run('ip link add vx type vxlan id 42 local 192.0.2.1 remote 192.0.2.2 dstport 4789 nolearning');
  run('ip link add br9 type bridge; ip link set vx arp off master br9; ip link set vx protodown on');
  run('bridge fdb append 00:00:00:00:00:00 dev vx dst 192.0.2.3 port 99 vni 7 via a self');
  run('bridge fdb add 02:00:00:00:00:09 dev vx dst 192.0.2.4 self dynamic');
  const [vx, a, br9] = [await indexOf(host, 'vx'), await indexOf(host, 'a'), await indexOf(host, 'br9')];
  const entries = (await host.dump(dumpFdb(vx))).flatMap(message => decodeFdbEntry(message) ?? []);
  const any = { interface: vx, linkAddress: '00:00:00:00:00:00', permanent: true };
  expect(entries).toHaveLength(3);
  expect(entries).toContainEqual({ ...any, remote: ip('192.0.2.2') });
  expect(entries).toContainEqual({ ...any, remote: ip('192.0.2.3'), port: 99, vni: 7, via: a });
  expect(entries).toContainEqual({
    interface: vx,
    linkAddress: '02:00:00:00:00:09',
    remote: ip('192.0.2.4'),
    permanent: false,
  });
  const links = (await host.dump(dumpLinks())).map(decodeLink);
  expect(links.find(({ name }) => name === 'vx')).toMatchObject({ master: br9, arp: false, protodown: true });
  run('ip link delete vx; ip link delete br9');
});

test('what is there already is EEXIST for add and nothing for replace', async () => {
  const index = await indexOf(host, 'a');
  const address = { interface: index, address: ip('10.0.0.1'), prefixLength: 24 };
  await expect(host.request(addAddress(address))).rejects.toMatchObject({
    code: 'EEXIST',
    operation: 'add address',
    subject: '10.0.0.1/24',
  });
  await host.request(replaceAddress(address));
  const route = { destination: ip('192.0.2.0'), prefixLength: 24, gateway: ip('10.0.0.2') };
  await expect(host.request(addRoute(route))).rejects.toMatchObject({ code: 'EEXIST', subject: '192.0.2.0/24' });
  await host.request(replaceRoute(route));
});

test('the kernel’s words are in the error', async () => {
  const unreachable = addRoute({ destination: ip('203.0.113.0'), prefixLength: 24, gateway: ip('172.16.0.1') });
  await expect(host.request(unreachable)).rejects.toMatchObject({
    code: 'ENETUNREACH',
    text: 'Nexthop has invalid gateway',
  });
  await expect(host.request(getLink({ name: 'missing' }))).rejects.toMatchObject({
    code: 'ENODEV',
    operation: 'get link',
    subject: 'missing',
  });
});

test('a device moves into another namespace and goes when it is deleted', async () => {
  await host.request(createVeth({ name: 'c', peer: { name: 'd' } }));
  await host.request(setLink({ name: 'd' }, { netns: insideFd }));
  expect(await indexOf(account, 'd')).toBeGreaterThan(1);
  await account.request(deleteLink({ name: 'd' }));
  await expect(host.request(getLink({ name: 'c' }))).rejects.toMatchObject({ code: 'ENODEV' });
});

test('a device of another kind is made from its kind’s own attributes', async () => {
  // IFLA_VXLAN_ID 1, u32 in host order; IFLA_VXLAN_PORT 15, u16 in network order.
  const data = [
    { type: 1, payload: Uint8Array.of(42, 0, 0, 0) },
    { type: 15, payload: Uint8Array.of(4789 >> 8, 4789 & 0xff) },
  ];
  await host.request(createLink({ name: 'v', kind: 'vxlan', data }));
  expect(outside.run('ip', '-details', 'link', 'show', 'v')).toContain('vxlan id 42 ');
  await host.request(deleteLink({ name: 'v' }));
});

test('routes and neighbours are deleted', async () => {
  await host.request(deleteRoute({ destination: ip('192.0.2.0'), prefixLength: 24 }));
  expect(outside.run('ip', 'route', 'show', '192.0.2.0/24')).toBe('');
  await host.request(deleteNeighbour({ interface: await indexOf(host, 'a'), address: ip('10.0.0.2') }));
  expect(outside.run('ip', 'neighbour', 'show', 'nud', 'permanent', 'to', '10.0.0.2')).toBe('');
});
