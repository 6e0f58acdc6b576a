// Probes by every kind of tunnel that the kernel has, and by every way that an answer may take. Kinds whose module is not
// there are skipped; kernels of distributions have them all.

import { setTimeout as sleep } from 'node:timers/promises';
import { type InternetAnswers, internetAnswers } from '../../src/health/internet-answers';
import { watchTunnels } from '../../src/health/monitor';
import { monitoredTunnels } from '../../src/health/monitored-tunnel';
import { accountOf, type Raised, raise } from '../network/account';
import { makeWorld, type World } from '../network/world';
import { isAvailable, KINDS, type TunnelKind } from './kinds';

/** For virtual machines without the processor's help. */
const RATE = { interval: 200, timeout: 10_000 };

/** What a tunnel has beside its ends, and its check. Of IPv4, and the same of IPv6. */
interface Check {
  readonly name: string;
  readonly family: 4 | 6;
  readonly tunnel: string;
  readonly gateway?: string;
}

/** The other end of the tunnel, the host's and the origin's addresses, and one behind the origin. */
const PLACES = {
  4: { own: '10.255.0.0/31', end: '10.255.0.1', remote: '192.0.2.2', behind: '203.0.113.99', prefix: '203.0.113.0/24' },
  6: {
    own: 'fd00:255::/127',
    end: 'fd00:255::1',
    remote: '2001:db8:f::2',
    behind: '2001:db8:1::99',
    prefix: '2001:db8:1::/48',
  },
} as const;

function byTunnel(family: 4 | 6): Check[] {
  const { own, end, behind } = PLACES[family];
  const inside = (health: string) => `addresses: ['${own}'], health: {direction: bidirectional, ${health}}`;
  return [
    {
      name: 'a request, answered by the tunnel',
      family,
      tunnel: inside(`type: request, target: '${end}'`),
      gateway: end,
    },
    {
      name: 'a reply, routed back into the tunnel',
      family,
      tunnel: inside(`type: reply, target: '${behind}'`),
      gateway: end,
    },
  ];
}

function overInternet(family: 4 | 6): Check[] {
  const { own, end, remote, behind } = PLACES[family];
  const request = `health: {direction: unidirectional, type: request, target: '${remote}'}`;
  const reply = `health: {direction: unidirectional, type: reply, target: '${behind}'}`;
  return [
    {
      name: 'a request, answered over the Internet',
      family,
      tunnel: `addresses: ['${own}'], ${request}`,
      gateway: end,
    },
    { name: 'a reply, routed over the Internet', family, tunnel: `addresses: ['${own}'], ${reply}`, gateway: end },
    { name: 'a reply by a tunnel without addresses', family, tunnel: reply },
  ];
}

function checksOf({ name, carriesIpv6 }: TunnelKind): Check[] {
  const families = carriesIpv6 ? ([4, 6] as const) : ([4] as const);
  const all = [...families.flatMap(byTunnel), ...overInternet(name.includes('over IPv6') ? 6 : 4)];
  // Ethernet needs a gateway.
  return all.filter(({ gateway }) => gateway !== undefined || !name.startsWith('vxlan'));
}

function document({ document: ends }: TunnelKind, { family, tunnel, gateway }: Check): string {
  const { prefix } = PLACES[family];
  const via = gateway === undefined ? '' : `, gateway: '${gateway}'`;
  return `
prefixes: ['${prefix}']
tunnels: [{name: fra1, ${ends}, ${tunnel}}]
routes: [{prefix: '${prefix}', tunnel: fra1${via}}]`;
}

describe.each(KINDS)('$name', kind => {
  let world: World;
  let raised: Raised;
  let answers: InternetAnswers;

  if (!isAvailable(kind)) {
    test.skip(`this kernel has no module ${kind.module}`, () => undefined);
    return;
  }

  beforeAll(() => {
    world = makeWorld('probed');
    const { run } = world;
    // Each is the greater of its own and that of all.
    for (const role of ['host', 'origin'])
      run(role, 'sysctl', '-qw', 'net.ipv4.conf.all.rp_filter=0', 'net.ipv4.conf.default.rp_filter=0');
    run('origin', 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    run('origin', 'ip', 'link', 'add', 't0', ...kind.peer);
    run('origin', 'ip', 'link', 'set', 't0', 'up', 'mtu', String(kind.mtu));
    run('origin', 'sysctl', '-qw', 'net.ipv4.conf.t0.rp_filter=0', 'net.ipv4.conf.o0.rp_filter=0');
    run('origin', 'ip', 'address', 'add', '10.255.0.1/31', 'dev', 't0');
    if (kind.carriesIpv6) run('origin', 'ip', 'address', 'add', 'fd00:255::1/127', 'dev', 't0', 'nodad');
    answers = internetAnswers(world.host.target);
    raised = raise(world, accountOf(''));
  });

  afterAll(() => {
    answers.close();
    raised.close();
    world.remove();
  });

  test.each(checksOf(kind))('$name, over IPv$family', async check => {
    const account = accountOf(document(kind, check));
    await raised.put(account);
    const rates = { low: RATE, mid: RATE, high: RATE };
    const place = raised.network.target;
    const monitor = watchTunnels({ place, tunnels: monitoredTunnels(account), answers, rates }, () => undefined);
    try {
      for (;;) {
        const health = monitor.states().get('fra1');
        const { sent = 0, failed = 0 } = health?.loss ?? {};
        // A busy machine may lose the first.
        if (sent > failed || failed > 1 || health?.reason?.code === 'no_path') {
          expect(health).toMatchObject({ state: 'healthy', rtt: expect.any(Number) });
          return;
        }
        await sleep(5);
      }
    } finally {
      monitor.close();
    }
  });
});
