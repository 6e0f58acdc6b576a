// Flows over several tunnels: in proportion to the weights, and each stays with its tunnel as long as the tunnels do.

import type { Account } from '../../src/account/account';
import { TIME_FACTOR } from '../time-factor';
import { isAvailable } from '../tunnel/kinds';
import { accountOf, type Raised, raise } from './account';
import { type Flows, openFlows } from './flow';
import { makeWorld, type World } from './world';

const FLOWS = 10_000;
/** Where it need not be many to be in proportion. */
const SOME_FLOWS = Math.round(FLOWS / TIME_FACTOR);
const WEIGHTS = { t1: 1, t2: 2, t3: 5 } as const;
const TUNNELS = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];

/** Kinds whose tunnels are told apart by a key, and `ip link add DEVICE …` at the origin. */
const KINDS = [
  { kind: 'vxlan', peer: (key: string) => ['type', 'vxlan', 'id', key, 'dstport', '4789', 'remote', '192.0.2.1'] },
  { kind: 'gre', peer: (key: string) => ['type', 'gre', 'key', key, 'local', '192.0.2.2', 'remote', '192.0.2.1'] },
] as const;

function accountBy(kind: string, rules: string): Account {
  const tunnels = TUNNELS.map(
    (name, index) =>
      `  - {name: ${name}, kind: ${kind}, key: ${index + 1}, local: 192.0.2.1, remote: 192.0.2.2, addresses: [10.255.${index}.0/31, 'fd00:${index}::/127']}`,
  );
  const routes = TUNNELS.flatMap((name, index) => [
    `  - {prefix: 203.0.113.0/24, tunnel: ${name}, gateway: 10.255.${index}.1, weight: ${WEIGHTS[name]}}`,
    `  - {prefix: '2001:db8:1::/48', tunnel: ${name}, gateway: 'fd00:${index}::1', weight: ${WEIGHTS[name]}}`,
  ]);
  return accountOf(
    `prefixes: [203.0.113.0/24, '2001:db8:1::/48']\ntunnels:\n${tunnels.join('\n')}\nroutes:\n${routes.join('\n')}`,
    rules,
  );
}

describe.each(KINDS)('by $kind', ({ kind, peer }) => {
  if (!isAvailable({ peer: peer('1') })) {
    test.skip(`this kernel has no ${kind}`, () => undefined);
    return;
  }

  const account = (rules = '[]') => accountBy(kind, rules);
  let world: World;
  let raised: Raised;
  let flows: Flows;
  /** Whether the kernel (6.11) lets the test choose the hash: without, one in sixteen boots would miss by chance. */
  let isSeeded: boolean;

  beforeAll(async () => {
    world = makeWorld('multipath');
    const { run } = world;
    for (const [index, name] of TUNNELS.entries()) {
      run('origin', 'ip', 'link', 'add', name, ...peer(String(index + 1)));
      run('origin', 'ip', 'link', 'set', name, 'up', 'mtu', '1450');
      run('origin', 'ip', 'address', 'add', `10.255.${index}.1/31`, 'dev', name);
      run('origin', 'ip', 'address', 'add', `fd00:${index}::1/127`, 'dev', name, 'nodad');
    }
    raised = raise(world, account());
    await raised.put(account());
    isSeeded = world.attempt('acme', 'sysctl', '-qw', 'net.ipv4.fib_multipath_hash_seed=1').status === 0;
    // What waits for a neighbour is a queue of its own.
    for (const [index, name] of TUNNELS.entries()) {
      const [, mac] = /link\/ether (\S+)/.exec(run('origin', 'ip', 'link', 'show', 'dev', name)) ?? [];
      if (mac === undefined) continue;
      for (const address of [`10.255.${index}.1`, `fd00:${index}::1`])
        run('acme', 'ip', 'neighbour', 'replace', address, 'lladdr', mac, 'dev', name, 'nud', 'permanent');
    }
    flows = openFlows(world, TUNNELS);
  });

  afterAll(() => {
    flows.close();
    raised.close();
    world.remove();
  });

  describe.each([4, 6] as const)('IPv%d', family => {
    test('10,000 flows are spread by the weights', async () => {
      const seen = await flows.send(family, FLOWS);
      const tolerance = isSeeded ? 0.05 : 0.1;
      for (const name of TUNNELS) {
        const wanted = (FLOWS * WEIGHTS[name]) / 8;
        const count = seen.filter(each => each === name).length;
        expect(Math.abs(count - wanted) / wanted).toBeLessThan(tolerance);
      }
    });

    test('no flow moves when the account is applied again, nor when its rules change', async () => {
      const before = await flows.send(family, SOME_FLOWS);
      await raised.put(account());
      expect(await flows.send(family, SOME_FLOWS)).toEqual(before);
      await raised.put(account('[{expression: udp.dstport == 1, action: block}]'));
      expect(await flows.send(family, SOME_FLOWS)).toEqual(before);
    });

    test('a tunnel that is down loses its flows, and has the same again when it is back', async () => {
      const before = await flows.send(family, SOME_FLOWS);
      await raised.put(account(), new Map([['t2', 'down']]));
      const meanwhile = await flows.send(family, SOME_FLOWS);
      expect(meanwhile.filter(name => name === 't2')).toEqual([]);
      await raised.put(account());
      expect(await flows.send(family, SOME_FLOWS)).toEqual(before);
    });

    test('with all tunnels down, flows go on as if none were', async () => {
      const before = await flows.send(family, SOME_FLOWS);
      await raised.put(account(), new Map(TUNNELS.map(name => [name, 'down'])));
      expect(await flows.send(family, SOME_FLOWS)).toEqual(before);
      await raised.put(account());
    });

    test('no packet is lost while the states of tunnels change', async () => {
      const states = TUNNELS.map(name => new Map([[name, 'down' as const]]));
      const change = async () => {
        for (let turn = 0; turn < 30; turn++) await raised.put(account(), states[turn % states.length]);
        await raised.put(account());
      };
      // One that is lost is waited for in vain.
      await Promise.all([change(), flows.send(family, 4 * SOME_FLOWS)]);
    });
  });
});
