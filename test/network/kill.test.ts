// A process that is killed by kill -9 before any message that changes something: whoever comes next makes the network as planned, or takes
// all of it away, and the host is as it was before.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openNetwork } from '../../src/network/network';
import { networkPlan } from '../../src/network/plan';
import { removeNetwork } from '../../src/network/remove';
import { TIME_FACTOR } from '../time-factor';
import { accountOf } from './account';
import { outerState } from './host-state';
import { makeWorld, type World } from './world';

const DOCUMENT = `
prefixes: [203.0.113.0/24, '2001:db8:1::/48']
tunnels:
  - {name: a, kind: vxlan, local: 192.0.2.1, remote: 192.0.2.2, key: 1, addresses: [10.255.0.0/31, 'fd00:255::/127']}
routes:
  - {prefix: 203.0.113.0/24, tunnel: a, gateway: 10.255.0.1}
  - {prefix: '2001:db8:1::/48', tunnel: a, gateway: 'fd00:255::1'}
`;
const ACCOUNT = accountOf(DOCUMENT);
const NOTHING = { added: [], changed: [], removed: [], none: true };

let world: World;
let before: string;

beforeAll(() => {
  world = makeWorld('kill');
  before = outerState(world);
});

afterAll(() => world.remove());

/** How many messages there are when none is the last; undefined where it was killed. */
function runUntil(what: 'put' | 'remove', message: number): number | undefined {
  const document = `account: acme\nrules: []\n${DOCUMENT}`;
  const parameters = [what, document, world.names.realm, world.space('host'), String(message)];
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, 'stop-at.js'), ...parameters],
    { encoding: 'utf8' },
  );
  if (signal === 'SIGKILL') return undefined;
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

async function put(): Promise<void> {
  const network = openNetwork(world.names, ACCOUNT, world.host);
  try {
    const plan = networkPlan(ACCOUNT, world.names, new Map());
    await network.prepare(plan);
    await network.apply(plan);
    expect(await network.verify(plan)).toEqual(NOTHING);
  } finally {
    network.close();
  }
}

const remove = () => removeNetwork(world.names, ACCOUNT, world.host);

test(
  'making it is gone on with, whatever message was the last',
  async () => {
    let messages: number | undefined;
    for (let last = 1; messages === undefined; last++) {
      messages = runUntil('put', last);
      await put();
      await remove();
      expect({ last, state: outerState(world) }).toEqual({ last, state: before });
    }
    process.stdout.write(`killed before each of ${messages} messages of making a network\n`);
  },
  240_000 * TIME_FACTOR,
);

test(
  'what was half made can be taken away',
  async () => {
    let messages: number | undefined;
    for (let last = 1; messages === undefined; last += 3) {
      messages = runUntil('put', last);
      await remove();
      expect({ last, state: outerState(world) }).toEqual({ last, state: before });
    }
  },
  240_000 * TIME_FACTOR,
);

test(
  'taking it away is gone on with, whatever message was the last',
  async () => {
    let messages: number | undefined;
    for (let last = 1; messages === undefined; last++) {
      await put();
      messages = runUntil('remove', last);
      await remove();
      expect({ last, state: outerState(world) }).toEqual({ last, state: before });
    }
    process.stdout.write(`killed before each of ${messages} messages of taking it away\n`);
  },
  240_000 * TIME_FACTOR,
);
