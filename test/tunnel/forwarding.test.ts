// Packets by every kind of tunnel that the kernel has: client - host - account's namespace - tunnel - origin, and back over
// the Internet or by the tunnel. Kinds whose module is not there are skipped; kernels of distributions have them all.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Account } from '../../src/account/account';
import { accountOf, type Raised, raise } from '../network/account';
import { ask, type Echo, isUnanswered, makeWorld, startEcho, type World } from '../network/world';
import { isAvailable, KINDS, type TunnelKind } from './kinds';

const ADDRESS = { 4: '203.0.113.10', 6: '2001:db8:1::10' } as const;
/** Bytes of UDP that fill a path of 1500. */
const LARGEST = { 4: 1472, 6: 1452 } as const;
/** Answers of 13 bytes: the UDP header has 8, that of IPv4 20. */
const RULES = '[{expression: udp.srcport == 7777 and ip.len == 41, action: block}]';

function document({ document: ends, carriesIpv6 }: TunnelKind, more: string): string {
  const addresses = ['10.255.0.0/31', ...(carriesIpv6 ? ["'fd00:255::/127'"] : [])];
  const v6 = "\n  - {prefix: '2001:db8:1::/48', tunnel: fra1, gateway: 'fd00:255::1'}";
  return `
prefixes: [203.0.113.0/24${carriesIpv6 ? ", '2001:db8:1::/48'" : ''}]
tunnels: [{name: fra1, ${ends}, addresses: [${addresses}]}]
routes:
  - {prefix: 203.0.113.0/24, tunnel: fra1, gateway: 10.255.0.1}${carriesIpv6 ? v6 : ''}
${more}`;
}

/** The origin's end of the tunnel. */
function makePeer({ peer, mtu, carriesIpv6 }: TunnelKind, { run }: World): void {
  run('origin', 'ip', 'link', 'add', 't0', ...peer);
  run('origin', 'ip', 'link', 'set', 't0', 'up', 'mtu', String(mtu));
  run('origin', 'ip', 'address', 'add', '10.255.0.1/31', 'dev', 't0');
  if (carriesIpv6) run('origin', 'ip', 'address', 'add', 'fd00:255::1/127', 'dev', 't0', 'nodad');
}

/** Until answerOverInternet(). */
function answerByTunnel({ carriesIpv6 }: TunnelKind, { run }: World): void {
  run('origin', 'ip', 'route', 'add', '198.18.0.0/24', 'via', '10.255.0.0', 'proto', 'static');
  if (carriesIpv6) run('origin', 'ip', 'route', 'add', '2001:db8:c::/64', 'via', 'fd00:255::', 'proto', 'static');
}

/** And both ends forget what routers told them of the path. */
function answerOverInternet({ run }: World): void {
  run('origin', 'sh', '-c', 'for v in 4 6; do ip -$v route flush proto static; done');
  for (const role of ['client', 'origin']) run(role, 'sh', '-c', 'for v in 4 6; do ip -$v route flush cache; done');
}

const SYNS = 'tcp[tcpflags] & tcp-syn != 0 or (ip6 and ip6[6] == 6 and ip6[53] & 2 != 0)';
/** 44: the fragment header of RFC 8200. */
const FRAGMENTS = { 4: 'ip[6:2] & 0x3fff != 0', 6: 'ip6[6] == 44' } as const;

/** What tcpdump says of the first so many packets of the filter at the origin's tunnel device, while `act` runs. */
async function packetsSeen(world: World, count: number, filter: string, act: () => void): Promise<string> {
  const command = ['tcpdump', '-i', 't0', '-n', '-v', '--immediate-mode', '-l', '-c', String(count), filter];
  const child = spawn('nsenter', [`--net=/run/netns/${world.space('origin')}`, ...command]);
  try {
    await once(child.stderr, 'data');
    let text = '';
    child.stdout.on('data', part => {
      text += part;
    });
    const ended = once(child, 'close');
    act();
    await ended;
    return text;
  } finally {
    child.kill('SIGKILL');
  }
}

/** Of whole packets, with their IP header. */
function lengthsOf(text: string, family: 4 | 6): readonly number[] {
  const [pattern, header] = family === 4 ? [/, length (\d+)\)/g, 0] : [/payload length: (\d+)\)/g, 40];
  return [...text.matchAll(pattern)].map(([, length]) => header + Number(length));
}

describe.each(KINDS)('$name', kind => {
  const families = kind.carriesIpv6 ? ([4, 6] as const) : ([4] as const);
  let world: World;
  let raised: Raised;
  let echo: Echo;

  if (!isAvailable(kind)) {
    test.skip(`this kernel has no module ${kind.module}`, () => undefined);
    return;
  }

  beforeAll(async () => {
    world = makeWorld('forward');
    makePeer(kind, world);
    echo = await startEcho(world, 'origin', ...families.map(family => ADDRESS[family]));
  });

  afterAll(async () => {
    await echo.stop();
    world.remove();
  });

  afterEach(async () => {
    await raised.remove();
    answerOverInternet(world);
  });

  async function put(more: string): Promise<Account> {
    const account = accountOf(document(kind, more), RULES);
    raised = raise(world, account);
    await raised.put(account);
    return account;
  }

  test('is there as the document has it, and what is there is not sent again', async () => {
    const account = await put('');
    expect(await raised.put(account)).toEqual({ added: [], changed: [], removed: [], none: true });
  });

  test('carries packets to the origin, which answers over the Internet', async () => {
    await put('');
    for (const family of families) expect(ask(world, 'client', 'udp', ADDRESS[family], 100)).toBe(true);
  });

  test('carries what is too long for it in parts that fill it, once the client has been told so', async () => {
    await put('');
    for (const family of families) {
      const seen = await packetsSeen(world, 2, FRAGMENTS[family], () => {
        expect(ask(world, 'client', 'udp', ADDRESS[family], LARGEST[family])).toBe(true);
      });
      // Parts are of multiples of 8 bytes.
      const longest = Math.max(...lengthsOf(seen, family));
      expect(longest).toBeGreaterThan(kind.mtu - 8);
      expect(longest).toBeLessThanOrEqual(kind.mtu);
    }
  });

  test('carries both directions, and no larger segments than fit', async () => {
    await put('return: tunnel');
    answerByTunnel(kind, world);
    const text = await packetsSeen(world, 2 * families.length, SYNS, () => {
      for (const family of families) expect(ask(world, 'client', 'tcp', ADDRESS[family], 100_000)).toBe(true);
    });
    const seen = [...text.matchAll(/mss (\d+)/g)].map(([, mss]) => Number(mss));
    const [v4, v6] = [kind.mtu - 40, kind.mtu - 60];
    // The origin announces what its own device has room for.
    expect(seen).toEqual(kind.carriesIpv6 ? [v4, v4, v6, v6] : [v4, v4]);
  });

  test('brings back what the rules let pass, and nothing else', async () => {
    await put('return: tunnel');
    answerByTunnel(kind, world);
    expect(isUnanswered(world, 'client', ADDRESS[4], 13)).toBe(true);
    expect(ask(world, 'client', 'udp', ADDRESS[4], 14)).toBe(true);
  });

  test('brings nothing back where answers go over the Internet', async () => {
    await put('');
    answerByTunnel(kind, world);
    for (const family of families) expect(isUnanswered(world, 'client', ADDRESS[family], 100)).toBe(true);
  });
});
