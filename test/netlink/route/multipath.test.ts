// Routes with several ways, and whose routes and addresses they are: as `ip` shows them and as our decoders read them.

import { closeSync, openSync } from 'node:fs';
import { type Address, parseAddress } from '../../../src/net/address';
import type { Connection } from '../../../src/netlink/connection';
import { addAddress, decodeInterfaceAddress, dumpAddresses } from '../../../src/netlink/route/address';
import { createVeth, decodeLink, getLink, setLink } from '../../../src/netlink/route/link';
import {
  addRoute,
  decodeRoute,
  deleteRoute,
  dumpRoutes,
  type Route,
  replaceRoute,
} from '../../../src/netlink/route/route';
import { makeNamespace, type TestNamespace } from '../namespace';

const OURS = 82;

let namespace: TestNamespace;
let other: TestNamespace;
let connection: Connection;
/** Of the devices t1, t2 and t3. */
let t1: number;
let t2: number;
let t3: number;

beforeAll(async () => {
  namespace = makeNamespace('multipath');
  other = makeNamespace('multipath-other');
  connection = namespace.connect('route');
  const remote = other.connect('route');
  const fd = openSync(other.path, 'r');
  const indices: number[] = [];
  // Without a local table no gateway is good for `onlink`.
  await connection.request(setLink({ name: 'lo' }, { up: true }));
  for (const name of ['t1', 't2', 't3']) {
    await connection.request(createVeth({ name, up: true, peer: { name, netns: fd } }));
    await remote.request(setLink({ name }, { up: true }));
    const [message] = await connection.request(getLink({ name }));
    if (message !== undefined) indices.push(decodeLink(message).index);
  }
  closeSync(fd);
  [t1, t2, t3] = indices as [number, number, number];
});

afterAll(() => {
  namespace.remove();
  other.remove();
});

function ip(text: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

async function listed(route: Route): Promise<readonly unknown[]> {
  const { destination, prefixLength } = route;
  return (await connection.dump(dumpRoutes(destination.family, route.table ?? 254)))
    .map(decodeRoute)
    .filter(each => each.destination.value === destination.value && each.prefixLength === prefixLength);
}

const BASE4 = { destination: ip('203.0.113.0'), prefixLength: 24, priority: 100, protocol: OURS };
const BASE6 = { destination: ip('2001:db8:1::'), prefixLength: 48, priority: 100, protocol: OURS };
const LISTED = { type: 'unicast', table: 254 };

test('IPv4: gateways off the link, weights and a device alone, in the order given', async () => {
  const nextHops = [
    { gateway: ip('169.254.0.1'), interface: t1, weight: 1, onlink: true },
    { gateway: ip('169.254.0.2'), interface: t2, weight: 2, onlink: true },
    { interface: t3, weight: 256 },
  ];
  await connection.request(addRoute({ ...BASE4, nextHops }));
  expect(await listed(BASE4)).toEqual([{ ...BASE4, ...LISTED, nextHops }]);
  expect(namespace.run('ip', 'route', 'show', '203.0.113.0/24')).toBe(
    [
      '203.0.113.0/24 proto 82 metric 100 ',
      '\tnexthop via 169.254.0.1 dev t1 weight 1 onlink ',
      '\tnexthop via 169.254.0.2 dev t2 weight 2 onlink ',
      '\tnexthop dev t3 weight 256 ',
      '',
    ].join('\n'),
  );
});

test('IPv4: a replacement has the new ways alone; to one way it is an ordinary route', async () => {
  const nextHops = [
    { gateway: ip('169.254.0.2'), interface: t2, weight: 5, onlink: true },
    { interface: t3, weight: 1 },
  ];
  await connection.request(replaceRoute({ ...BASE4, nextHops }));
  expect(await listed(BASE4)).toEqual([{ ...BASE4, ...LISTED, nextHops }]);
  const single = { ...BASE4, gateway: ip('169.254.0.1'), interface: t1, onlink: true };
  await connection.request(replaceRoute(single));
  expect(await listed(BASE4)).toEqual([{ ...single, ...LISTED }]);
});

test('IPv4: one of several ways alone is read back as an ordinary route', async () => {
  const route = { ...BASE4, destination: ip('192.0.2.0') };
  await connection.request(addRoute({ ...route, nextHops: [{ interface: t3, weight: 7 }] }));
  expect(await listed(route)).toEqual([{ ...route, ...LISTED, interface: t3 }]);
});

test('IPv6: gateways and weights, in the order given', async () => {
  const nextHops = [
    { gateway: ip('2001:db8:ffff::1'), interface: t1, weight: 1, onlink: true },
    { gateway: ip('fe80::2'), interface: t2, weight: 2 },
    { gateway: ip('fe80::3'), interface: t3, weight: 256 },
  ];
  await connection.request(addRoute({ ...BASE6, nextHops }));
  expect(await listed(BASE6)).toEqual([{ ...BASE6, ...LISTED, nextHops }]);
  expect(namespace.run('ip', '-6', 'route', 'show', '2001:db8:1::/48')).toBe(
    [
      '2001:db8:1::/48 proto 82 metric 100 pref medium',
      '\tnexthop via 2001:db8:ffff::1 dev t1 weight 1 onlink ',
      '\tnexthop via fe80::2 dev t2 weight 2 ',
      '\tnexthop via fe80::3 dev t3 weight 256 ',
      '',
    ].join('\n'),
  );
});

test('IPv6: a replacement has the new ways alone; to one way it is an ordinary route, and back', async () => {
  const nextHops = [
    { gateway: ip('fe80::2'), interface: t2, weight: 5 },
    { gateway: ip('fe80::3'), interface: t3, weight: 1 },
  ];
  await connection.request(replaceRoute({ ...BASE6, nextHops }));
  expect(await listed(BASE6)).toEqual([{ ...BASE6, ...LISTED, nextHops }]);
  const single = { ...BASE6, interface: t1 };
  await connection.request(replaceRoute(single));
  expect(await listed(BASE6)).toEqual([{ ...single, ...LISTED }]);
  await connection.request(replaceRoute({ ...BASE6, nextHops }));
  expect(await listed(BASE6)).toEqual([{ ...BASE6, ...LISTED, nextHops }]);
});

test('IPv6: several ways need gateways, and the kernel says so', async () => {
  const nextHops = [
    { interface: t1, weight: 1 },
    { interface: t2, weight: 1 },
  ];
  await expect(connection.request(replaceRoute({ ...BASE6, nextHops }))).rejects.toMatchObject({
    code: 'EINVAL',
    text: 'Device only routes can not be added for IPv6 using the multipath API.',
  });
});

test.each([
  ['IPv4', { ...BASE4, destination: ip('198.51.100.0') }, '198.51.100.0/24 proto 82 metric 100 \n'],
  ['IPv6', { ...BASE6, destination: ip('2001:db8:2::') }, '2001:db8:2::/48 dev lo proto 82 metric 100 pref medium\n'],
])('%s: what refuses has no device', async (version, base, shown) => {
  const route: Route = { ...base, type: 'unreachable' };
  await connection.request(addRoute(route));
  expect(await listed(route)).toEqual([{ ...route, table: 254 }]);
  const family = version === 'IPv4' ? '-4' : '-6';
  expect(namespace.run('ip', family, 'route', 'show', 'type', 'unreachable')).toBe(`unreachable ${shown}`);
});

test.each([
  ['IPv4', BASE4],
  ['IPv6', BASE6],
])(
  '%s: a deletion that names the protocol leaves the routes of others, and takes all ways of ours',
  async (_, base) => {
    await expect(connection.request(deleteRoute({ ...base, protocol: 3 }))).rejects.toMatchObject({ code: 'ESRCH' });
    expect(await listed(base)).toHaveLength(1);
    await connection.request(deleteRoute(base));
    expect(await listed(base)).toEqual([]);
  },
);

test('IPv6: a deletion that names one gateway takes that way alone', async () => {
  const [second, third] = [
    { gateway: ip('fe80::2'), interface: t2, weight: 1 },
    { gateway: ip('fe80::3'), interface: t3, weight: 1 },
  ];
  const nextHops = [{ gateway: ip('fe80::1'), interface: t1, weight: 1 }, second, third];
  await connection.request(addRoute({ ...BASE6, nextHops }));
  await connection.request(deleteRoute({ ...BASE6, gateway: ip('fe80::1'), interface: t1 }));
  expect(await listed(BASE6)).toEqual([{ ...BASE6, ...LISTED, nextHops: [second, third] }]);
  await connection.request(deleteRoute(BASE6));
});

test.each([0, 257, 1.5])('a weight of %s is refused', weight => {
  expect(() => addRoute({ ...BASE4, nextHops: [{ interface: 1, weight }] })).toThrow(
    expect.objectContaining({ code: 'EINVAL', cure: 'take a whole number from 1 to 256' }),
  );
});

test.each([
  ['IPv4', { address: ip('10.255.0.0'), prefixLength: 31 }],
  ['IPv6', { address: ip('fd00::'), prefixLength: 127, nodad: true }],
])('%s: an address says whose it is, and comes without a route where that is asked for', async (_, place) => {
  const address = { interface: t1, ...place, noprefixroute: true, protocol: OURS };
  await connection.request(addAddress(address));
  const all = (await connection.dump(dumpAddresses(t1))).map(decodeInterfaceAddress);
  expect(all.filter(each => each.address.value === place.address.value)).toEqual([
    { nodad: false, tentative: false, ...address },
  ]);
  expect(await listed({ destination: place.address, prefixLength: place.prefixLength })).toEqual([]);
});
