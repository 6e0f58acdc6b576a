// An account's place and the states of its tunnels: what a look finds, and what following the states is.

import { DEFAULT_AGENT_SETTINGS } from '../../src/agent/agent-settings';
import { Tenancy } from '../../src/agent/tenancy';
import { Turnstile } from '../../src/agent/turnstile';
import { DEFAULT_OPTIONS } from '../../src/compile';
import { type InternetAnswers, internetAnswers } from '../../src/health/internet-answers';
import { TEST_CACHE } from '../kernel/object-cache';
import { makeWorld, type World } from '../network/world';
import { desired } from './documents';

let world: World;
let answers: InternetAnswers;
let tenancy: Tenancy;
/** Called when the state of a tunnel has changed. */
let stateChanged: () => void;

beforeEach(() => {
  world = makeWorld('tenancy');
  answers = internetAnswers(world.host.target);
  stateChanged = () => undefined;
  const around = {
    settings: { ...DEFAULT_AGENT_SETTINGS, realm: world.names.realm, host: world.host.target },
    names: world.names,
    host: world.host,
    answers,
    options: DEFAULT_OPTIONS,
    cache: TEST_CACHE,
    turnstile: new Turnstile(1),
    othersIn: () => [],
    tell: () => undefined,
  };
  tenancy = new Tenancy('acme', around, [{ kind: 'own' }], ({ kind }) => {
    if (kind === 'tunnel_states') stateChanged();
  });
});

afterEach(async () => {
  await tenancy.removeAll();
  tenancy.close();
  answers.close();
  world.remove();
});

const ACCOUNT = desired(
  'acme',
  1,
  { other: 'udp.dstport == 7776' },
  {
    prefixes: ['203.0.113.0/24'],
    tunnels: [
      // Nobody answers in it.
      {
        name: 'fra1',
        kind: 'vxlan',
        local: '192.0.2.1',
        remote: '192.0.2.2',
        key: 42,
        addresses: ['10.255.0.0/31'],
        health: { rate: 'high', type: 'request', target: '10.255.0.1', direction: 'bidirectional' },
      },
      {
        name: 'fra2',
        kind: 'vxlan',
        local: '192.0.2.1',
        remote: '192.0.2.2',
        key: 43,
        addresses: ['10.255.1.0/31'],
      },
    ],
    routes: [
      { prefix: '203.0.113.0/24', tunnel: 'fra1', gateway: '10.255.0.1', priority: 100 },
      { prefix: '203.0.113.0/24', tunnel: 'fra2', gateway: '10.255.1.1', priority: 200 },
    ],
  },
).account;

async function untilFra1IsDown(): Promise<void> {
  while (tenancy.tunnels.get('fra1')?.state !== 'down')
    await new Promise<void>(resolve => {
      stateChanged = resolve;
    });
}

test('routes that do not follow the states yet are found changed by nobody', async () => {
  await tenancy.bring(ACCOUNT, { counts: undefined, gone: 'forgotten', anew: false });
  await untilFra1IsDown();
  expect(await tenancy.repair(false)).toEqual({ changes: [] });
  const { tunnels, changes } = await tenancy.reroute();
  expect([...tunnels]).toEqual([['fra1', 'down']]);
  expect(changes).toEqual([
    'added: route 203.0.113.0/24 by fra1 via 10.255.0.1 priority 1000100',
    'removed: route 203.0.113.0/24 by fra1 via 10.255.0.1 priority 100',
  ]);
  expect(await tenancy.repair(false)).toEqual({ changes: [] });
});
