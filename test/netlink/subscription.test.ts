// What the kernel tells of changes. A test waits for the event that its last change makes, never for a time.

import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { parseAddress } from '../../src/net/address';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import type { BatchOperation } from '../../src/netlink/nftables/batch-operation';
import { decodeTable } from '../../src/netlink/nftables/table';
import { decodeInterfaceAddress } from '../../src/netlink/route/address';
import { createVeth, decodeLink, deleteLink, setLink } from '../../src/netlink/route/link';
import { addRoute, decodeRoute } from '../../src/netlink/route/route';
import { type EventsLost, type KernelEvent, type SubscriptionOptions, subscribe } from '../../src/netlink/subscription';
import { makeNamespace, type TestNamespace } from './namespace';

type Told = KernelEvent | EventsLost;

let namespace: TestNamespace;
const open: { close(): void }[] = [];

beforeAll(() => {
  namespace = makeNamespace('subscription');
});

afterEach(() => {
  for (const subscription of open.splice(0)) subscription.close();
});

afterAll(() => {
  namespace.remove();
});

/** Everything that is told, and a promise of the first that is looked for. */
function listen(options: SubscriptionOptions) {
  const events: Told[] = [];
  let wake: () => void = () => undefined;
  const subscription = subscribe(options, event => {
    events.push(event);
    wake();
  });
  open.push(subscription);
  return {
    subscription,
    events,
    async until(wanted: (event: Told) => boolean): Promise<Told> {
      for (;;) {
        const found = events.find(wanted);
        if (found !== undefined) return found;
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    },
  };
}

const ofRuleset = () => listen({ protocol: 'netfilter', netns: namespace.path, groups: ['nftables'] });

const table = (name: string): BatchOperation => ({
  operation: 'add',
  object: { kind: 'table', family: 'ip', name, flags: [] },
});

test('a commit is told object by object, and at its end the generation, our port and the thread that sent it', async () => {
  const { until, events } = ofRuleset();
  const connection = namespace.connect('netfilter');
  await connection.commit(encodeBatch([table('a'), table('b')]));
  const end = await until(({ kind }) => kind === 'generation');
  const { processId } = (end.kind === 'generation' && end.generation) || {};
  expect(events.map(({ kind }) => kind)).toEqual(['ruleset', 'ruleset', 'generation']);
  const tables = events.flatMap(event => (event.kind === 'ruleset' ? [decodeTable(event.message).name] : []));
  expect(tables).toEqual(['a', 'b']);
  expect(end).toEqual({
    kind: 'generation',
    // Threads of libuv have a name of their own in newer releases of Node.js.
    generation: {
      id: expect.any(Number),
      processId: expect.any(Number),
      processName: readFileSync(`/proc/self/task/${processId}/comm`, 'utf8').trim(),
    },
    portId: connection.portId,
  });
  expect(end).toMatchObject({ generation: { processName: expect.stringMatching(/^(node|libuv-worker)$/) } });
});

test('what another process commits has its name, its number and no port of ours', async () => {
  const { until } = ofRuleset();
  const connection = namespace.connect('netfilter');
  await connection.commit(encodeBatch([table('ours')]));
  await until(event => event.kind === 'generation' && event.portId === connection.portId);
  const pid = execFileSync('sh', [
    '-c',
    'echo $$; exec nsenter --net="$1" nft add table ip theirs',
    '',
    namespace.path,
  ]);
  const theirs = await until(event => event.kind === 'generation' && event.portId !== connection.portId);
  expect(theirs).toMatchObject({ generation: { processId: Number(pid), processName: 'nft' } });
});

test('links, addresses and routes are told as they come and go', async () => {
  const { until, events } = listen({
    protocol: 'route',
    netns: namespace.path,
    groups: ['link', 'ipv4_address', 'ipv4_route', 'ipv6_address', 'ipv6_route'],
  });
  const connection = namespace.connect('route');
  await connection.request(createVeth({ name: 'a', peer: { name: 'b' } }));
  const made = await until(event => event.kind === 'link' && decodeLink(event.message).name === 'a');
  expect(made).toMatchObject({ change: 'new' });

  namespace.run('ip', 'link', 'set', 'lo', 'up');
  const loopback = await until(event => event.kind === 'address');
  expect(loopback.kind === 'address' && decodeInterfaceAddress(loopback.message)).toMatchObject({
    interface: 1,
    address: parseAddress('127.0.0.1'),
  });

  const route = {
    destination: { family: 4, value: 0xc0000200n },
    prefixLength: 24,
    interface: 1,
    protocol: 82,
  } as const;
  await connection.request(addRoute(route));
  const added = await until(event => event.kind === 'route' && decodeRoute(event.message).protocol === 82);
  expect(added.kind === 'route' && decodeRoute(added.message)).toEqual({ ...route, type: 'unicast', table: 254 });
  expect(added).toMatchObject({ message: { portId: connection.portId } });

  await connection.request(deleteLink({ name: 'a' }));
  await until(event => event.kind === 'link' && event.change === 'deleted' && decodeLink(event.message).name === 'a');
  expect(events.some(({ kind }) => kind === 'lost')).toBe(false);
});

test('a link that moves away is told as deleted where it was', async () => {
  const other = makeNamespace('subscription-other');
  const fd = openSync(other.path, 'r');
  open.push({
    close() {
      closeSync(fd);
      other.remove();
    },
  });
  const { until } = listen({ protocol: 'route', netns: namespace.path, groups: ['link'] });
  const connection = namespace.connect('route');
  await connection.request(createVeth({ name: 'c', peer: { name: 'd' } }));
  await connection.request(setLink({ name: 'c' }, { netns: fd }));
  await until(event => event.kind === 'link' && event.change === 'deleted' && decodeLink(event.message).name === 'c');
});

test('only the groups that were asked for are told', async () => {
  const { until, events } = listen({ protocol: 'route', netns: namespace.path, groups: ['ipv4_route'] });
  namespace.run('ip', 'link', 'add', 'e', 'type', 'veth', 'peer', 'name', 'f');
  namespace.run('ip', 'address', 'add', '10.0.0.1/24', 'dev', 'e');
  namespace.run('ip', 'link', 'set', 'e', 'up');
  namespace.run('ip', 'route', 'add', '10.1.0.0/16', 'dev', 'lo');
  await until(event => event.kind === 'route' && decodeRoute(event.message).prefixLength === 16);
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['route']));
});

test('what does not fit into the receive buffer is told as lost, and later events come again', async () => {
  const { until, events } = listen({
    protocol: 'netfilter',
    netns: namespace.path,
    groups: ['nftables'],
    receiveBuffer: 4096,
  });
  const connection = namespace.connect('netfilter');
  // While it waits for nft this process reads nothing.
  namespace.run('sh', '-c', 'for i in $(seq 2000); do echo add table ip lost_$i; done | nft -f -');
  await until(({ kind }) => kind === 'lost');
  const seen = events.length;
  await connection.commit(encodeBatch([table('later')]));
  await until(event => events.indexOf(event) >= seen && event.kind === 'generation');
  expect(events.filter(({ kind }) => kind === 'ruleset').length).toBeLessThan(2001);
});

test('after close nothing is told, and closing again is harmless', async () => {
  const { subscription, events } = ofRuleset();
  subscription.close();
  await subscription.ended;
  subscription.close();
  namespace.run('nft', 'add', 'table', 'ip', 'unheard');
  expect(events).toEqual([]);
});

test('what the subscriber throws ends the subscription and is told there', async () => {
  const subscription = subscribe({ protocol: 'netfilter', netns: namespace.path, groups: ['nftables'] }, () => {
    throw new Error('no more');
  });
  namespace.run('nft', 'add', 'table', 'ip', 'thrown');
  await expect(subscription.ended).rejects.toThrow('no more');
});

test('a namespace that is not there is said at once', () => {
  expect(() =>
    subscribe({ protocol: 'route', netns: '/run/netns/missing', groups: ['link'] }, () => undefined),
  ).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
