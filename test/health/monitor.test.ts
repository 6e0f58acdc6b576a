// Tunnels probed with real packets over VXLAN. Nothing is awaited by time: each case waits for what is to come.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HealthCheck } from '../../src/account/account';
import { type InternetAnswers, internetAnswers } from '../../src/health/internet-answers';
import { type HealthMonitor, watchTunnels } from '../../src/health/monitor';
import type { MonitoredTunnel } from '../../src/health/monitored-tunnel';
import type { ProbeRates } from '../../src/health/rate';
import type { TunnelHealth } from '../../src/health/tunnel-health';
import { type Address, parseAddress } from '../../src/net/address';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { type Forger, forgeAnswers } from './forger';
import { addTunnel, type HealthNetwork, inside, ip, makeHealthNetwork } from './network';

/** The rates of a busy machine: often, and with patience. */
const RATES: ProbeRates = {
  low: { interval: 100, timeout: 2_000 },
  mid: { interval: 50, timeout: 1_000 },
  high: { interval: 20, timeout: 1_000 },
};

let network: HealthNetwork;
let answers: InternetAnswers;
let monitor: HealthMonitor | undefined;
let forger: Forger | undefined;

beforeAll(() => {
  network = makeHealthNetwork('health');
  answers = internetAnswers({ namespace: network.host });
});
afterEach(() => {
  monitor?.close();
  forger?.close();
  forger = undefined;
  for (const namespace of [network.account, network.origin]) inside(namespace, 'nft', 'flush', 'ruleset');
});
afterAll(() => {
  answers.close();
  network.remove();
});

const at = (text: string) => parseAddress(text) as Address;

function fra1(health: Partial<HealthCheck>, outer: 4 | 6 = 4): MonitoredTunnel {
  return {
    name: 'fra1',
    kind: 'vxlan',
    local: at(outer === 4 ? '192.0.2.1' : '2001:db8::1'),
    remote: at(outer === 4 ? '192.0.2.2' : '2001:db8::2'),
    addresses: [
      { address: at('10.255.0.0'), prefixLength: 31 },
      { address: at('fd00:255::'), prefixLength: 127 },
    ],
    gateways: [at('10.255.0.1'), at('fd00:255::1')],
    health: { rate: 'mid', type: 'request', direction: 'bidirectional', ...health },
  };
}

function watch(tunnel: MonitoredTunnel): string[] {
  const told: string[] = [];
  monitor = watchTunnels({ place: { namespace: network.account }, tunnels: [tunnel], answers, rates: RATES }, states =>
    told.push(states.get('fra1')?.state ?? 'none'),
  );
  return told;
}

function health(): TunnelHealth {
  return monitor?.states().get('fra1') as TunnelHealth;
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > end)
      throw new Error(`it did not come; at last ${JSON.stringify(monitor && [...monitor.states()])}`);
    await sleep(5);
  }
}

/** Adds an nft table, gone after the case. */
function nft(namespace: string, chain: string): void {
  inside(namespace, 'nft', `table inet loss {\nchain c { ${chain}; }\n}`);
}

describe('a tunnel that carries packets is healthy', () => {
  it.each<[string, Partial<HealthCheck>, 4 | 6]>([
    ['request, answered by the tunnel', { target: at('10.255.0.1') }, 4],
    ['request to the other end by default', {}, 4],
    ['request over IPv6, answered by the tunnel', { target: at('fd00:255::1') }, 4],
    ['request, answered over the Internet', { direction: 'unidirectional', target: at('192.0.2.2') }, 4],
    ['request over IPv6, answered over the Internet', { direction: 'unidirectional', target: at('2001:db8::2') }, 6],
    ['reply, routed back into the tunnel', { type: 'reply', target: at('203.0.113.9') }, 4],
    ['reply over IPv6, routed back into the tunnel', { type: 'reply', target: at('2001:db8:9::9') }, 4],
    ['reply, routed over the Internet', { type: 'reply', direction: 'unidirectional', target: at('203.0.113.9') }, 4],
    [
      'reply over IPv6, routed over the Internet',
      { type: 'reply', direction: 'unidirectional', target: at('2001:db8:9::9') },
      6,
    ],
  ])('%s', async (_, check, outer) => {
    const told = watch(fra1(check, outer));
    await until(() => health().loss.sent >= 5);
    expect(health()).toMatchObject({ state: 'healthy', loss: { failed: 0 }, rtt: expect.any(Number) });
    expect(health().reason).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('a reply from an address of the origin itself', () => {
  it('is dropped by a Linux router as a martian, which the reason says', async () => {
    watch(fra1({ type: 'reply', direction: 'unidirectional' }));
    await until(() => health().state === 'down');
    expect(health().reason?.cure).toBe(
      'the other end must route 192.0.2.1 back, over the Internet; no rule may drop the answer; ' +
        'where 192.0.2.2 is an address of a Linux router itself, that needs net.ipv4.conf.all.accept_local=1',
    );
  });

  it('is routed by one that accepts such packets', async () => {
    inside(network.origin, 'sysctl', '-qw', 'net.ipv4.conf.all.accept_local=1');
    watch(fra1({ type: 'reply', direction: 'unidirectional' }));
    await until(() => health().loss.sent >= 5);
    expect(health()).toMatchObject({ state: 'healthy', loss: { failed: 0 } });
    inside(network.origin, 'sysctl', '-qw', 'net.ipv4.conf.all.accept_local=0');
  });
});

const NO_ANSWERS = 'type filter hook input priority 0; icmp type echo-request drop';

describe('a tunnel that carries nothing', () => {
  it('is down, and comes back as degraded', async () => {
    const told = watch(fra1({}));
    await until(() => health().loss.sent >= 5);
    nft(network.origin, NO_ANSWERS);
    await until(() => health().state === 'down');
    expect(health().reason).toEqual({
      code: 'no_reply',
      message: 'no answer within 1000 ms',
      cure: '10.255.0.1 must answer pings, by the tunnel; no rule may drop the answer',
      at: expect.any(Date),
    });
    inside(network.origin, 'nft', 'flush', 'ruleset');
    await until(() => health().state !== 'down');
    // Between healthy and down it may have been degraded for a moment, or not: failures may come three at a time.
    expect(told.filter(state => state !== 'degraded')).toEqual(['down']);
    expect(told.at(-1)).toBe('degraded');
    expect(health().reason?.code).toBe('no_reply');
  });

  it('is down where the account drops the answers', async () => {
    watch(fra1({}));
    nft(network.account, 'type filter hook prerouting priority raw; icmp type echo-reply drop');
    await until(() => health().state === 'down');
  });

  it('is down when its outer packets go nowhere', async () => {
    watch(fra1({ direction: 'unidirectional', type: 'reply', target: at('203.0.113.9') }));
    await until(() => health().loss.sent >= 5);
    ip(network.origin, 'link set wire down');
    await until(() => health().state === 'down');
    ip(network.origin, 'link set wire up');
    ip(network.origin, 'address replace 2001:db8::2/64 dev wire nodad');
    await until(() => health().state === 'degraded');
  });
});

it('a tunnel that loses one packet in fifty is degraded, and its routes do not go to and fro', async () => {
  const told = watch(fra1({ rate: 'high' }));
  nft(network.origin, 'type filter hook input priority 0; icmp type echo-request numgen inc mod 50 == 0 drop');
  await until(() => health().loss.failed >= 5);
  expect(told).toEqual(['degraded']);
});

describe('what hinders the probes is told', () => {
  it('a device that is gone, and is there again', async () => {
    const told = watch(fra1({}));
    await until(() => health().loss.sent >= 5);
    ip(network.account, 'link delete fra1');
    await until(() => health().state === 'down');
    expect(health().reason).toMatchObject({ code: 'ENODEV', message: 'there is no device fra1' });
    addTunnel(network, 'fra1', 42);
    await until(() => health().state === 'degraded');
    expect(told.filter(state => state !== 'degraded')).toEqual(['down']);
  });

  it('a device that is down', async () => {
    watch(fra1({}));
    ip(network.account, 'link set fra1 down');
    await until(() => health().state === 'down');
    expect(health().reason).toMatchObject({
      code: 'ENETUNREACH',
      cure: 'see that fra1 is up and has an address of that family',
    });
    ip(network.account, 'link set fra1 up');
    ip(network.account, 'address replace fd00:255::/127 dev fra1 nodad');
    await until(() => health().state === 'degraded');
  });

  it('a namespace that is gone', async () => {
    monitor = watchTunnels(
      { place: { namespace: 'rampart-test-none' }, tunnels: [fra1({})], answers, rates: RATES },
      () => {},
    );
    await until(() => health().state === 'down');
    expect(health().reason?.code).toBe('ENOENT');
  });

  it('a check that no address can be found for, which says nothing of the tunnel', async () => {
    watch({ ...fra1({}), addresses: [{ address: at('10.255.0.0'), prefixLength: 24 }] });
    await until(() => health().reason !== undefined);
    expect(health()).toMatchObject({ state: 'healthy', loss: { sent: 0 }, reason: { code: 'no_path' } });
  });
});

describe('a lack of file descriptors', () => {
  /** Bounds this process's descriptors to those it has, until a byte is written to the child, which was started before. */
  async function withoutDescriptors(): Promise<ChildProcess> {
    const pid = String(process.pid);
    const script = `prlimit --pid ${pid} --nofile=$1:; echo bound; read -r line; prlimit --pid ${pid} --nofile=$2:`;
    const before = /Max open files +([0-9]+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] as string;
    const open = Math.max(...readdirSync('/proc/self/fd').map(Number)) + 4;
    const child = spawn('sh', ['-c', script, 'sh', String(open), before], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
    return child;
  }

  it('is told, says nothing of the tunnel, and is over when there are some again', async () => {
    const limit = await withoutDescriptors();
    const taken = takeAllDescriptors();
    const told = watch(fra1({}));
    try {
      await until(() => health().reason !== undefined);
      expect(health()).toMatchObject({ state: 'healthy', loss: { sent: 0 }, reason: { code: 'EMFILE' } });
    } finally {
      limit.stdin?.end('over\n');
      await once(limit, 'exit');
      for (const fd of taken) closeSync(fd);
    }
    await until(() => health().loss.sent >= 3);
    expect(health()).toMatchObject({ state: 'healthy', loss: { failed: 0 } });
    expect(health().reason).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('the list of tunnels', () => {
  it('may have another check of a tunnel, whose state and counts stay', async () => {
    watch(fra1({ target: at('10.255.0.9') }));
    await until(() => health().state === 'down');
    const { since, loss } = health();
    monitor?.update([fra1({ target: at('10.255.0.1') })]);
    expect(health()).toMatchObject({ state: 'down', since, loss });
    await until(() => health().state === 'degraded');
  });

  it('is the same as before: nothing begins anew', async () => {
    watch(fra1({}));
    await until(() => health().loss.sent >= 3);
    const { sent } = health().loss;
    for (let time = 0; time < 100; time++) monitor?.update([fra1({})]);
    expect(health().loss.sent).toBe(sent);
    await until(() => health().loss.sent > sent);
  });

  it('may have a tunnel of that name to somewhere else, of which nothing is known', async () => {
    const told = watch(fra1({ target: at('10.255.0.9') }));
    await until(() => health().state === 'down');
    monitor?.update([{ ...fra1({ target: at('10.255.0.9') }), remote: at('192.0.2.3') }]);
    expect(health()).toMatchObject({ state: 'healthy', loss: { sent: 0, failed: 0 } });
    expect(told.at(-1)).toBe('healthy');
  });

  it('may lose a tunnel, which is probed no more', async () => {
    watch(fra1({}));
    await until(() => health().loss.sent >= 3);
    monitor?.update([]);
    expect(monitor?.states().size).toBe(0);
  });

  it('begins with what was known before', () => {
    const known = new Map([['fra1', 'down' as const]]);
    const place = { namespace: network.account };
    monitor = watchTunnels({ place, tunnels: [fra1({})], answers, rates: RATES, known }, () => {});
    expect(health().state).toBe('down');
  });
});

it('a namespace that was made anew under its name is probed after the old one was let go', async () => {
  watch(fra1({}));
  await until(() => health().loss.sent >= 3);
  deleteNamespace(network.account);
  monitor?.reopen();
  createNamespace(network.account);
  await until(() => health().state === 'down');
  // The kernel refuses a second VXLAN of that number as long as anything keeps the old namespace.
  await until(() => added(() => addTunnel(network, 'fra1', 42)));
  await until(() => health().state === 'degraded');
});

describe('an answer', () => {
  it.each<[string, Parameters<typeof forgeAnswers>[1], 'all' | number]>([
    ['as it should be is one', answer => answer, 'all'],
    ['with a bit of the token turned is none', answer => turned(answer, answer.length - 1), 0],
    ['with another number of the prober is none', answer => turned(answer, 31), 0],
    ['with another identifier is none', answer => turned(answer, 25), 0],
    ['with another sequence is none', answer => turned(answer, 27), 0],
    ['without the end of the token is none', answer => answer.subarray(0, -1), 0],
    ['that was right for the first probe is right for no other', (_, first) => first, 1],
  ])('%s', async (_, forge, right) => {
    nft(network.origin, NO_ANSWERS);
    forger = forgeAnswers(network.origin, forge);
    watch(fra1({}));
    await until(() => (right === 'all' ? health().loss.sent >= 5 : health().state === 'down'));
    const { sent, failed } = health().loss;
    expect(forger.sent).toBeGreaterThanOrEqual(3);
    expect(sent - failed).toBe(right === 'all' ? sent : right);
  });

  it('that lies unread while this process is held up is no failure', async () => {
    nft(network.origin, NO_ANSWERS);
    // Answered at once, and then nothing is done for longer than an answer is waited for.
    forger = forgeAnswers(network.origin, answer => answer, holdUp);
    const rates = { ...RATES, mid: { interval: 50, timeout: 100 } };
    monitor = watchTunnels({ place: { namespace: network.account }, tunnels: [fra1({})], answers, rates }, () => {});
    await until(() => health().loss.sent >= 3);
    expect(health().loss.failed).toBe(0);
  });
});

/** An IPv4 packet of 20 bytes and its ICMP message, one bit of it another. */
function turned(packet: Uint8Array, byte: number): Uint8Array {
  return packet.map((value, index) => (index === byte ? value ^ 1 : value));
}

/** Those below the limit that are left. */
function takeAllDescriptors(): number[] {
  const taken: number[] = [];
  for (;;) {
    try {
      taken.push(openSync('/dev/null', 'r'));
    } catch {
      return taken;
    }
  }
}

function added(add: () => void): boolean {
  try {
    add();
    return true;
  } catch (error) {
    if (String(error).includes('exists')) return false;
    throw error;
  }
}

function holdUp(): void {
  for (const end = Date.now() + 250; Date.now() < end; );
}
