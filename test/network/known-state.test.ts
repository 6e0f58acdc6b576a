// What an earlier process knew of tunnels, from the routes that it left.

import { parseAddress } from '../../src/net/address';
import type { Prefix } from '../../src/net/prefix';
import type { PlannedRoute } from '../../src/network/plan';
import { statesInForce } from '../../src/network/tunnel-route';
import { accountOf } from './account';

const ACCOUNT = accountOf(`
prefixes: [203.0.113.0/24, 198.51.100.0/24]
tunnels:
  - {name: fra1, kind: gre, local: 192.0.2.1, remote: 192.0.2.2, addresses: [10.255.0.0/31]}
  - {name: fra2, kind: gre, local: 192.0.2.1, remote: 192.0.2.3, addresses: [10.255.1.0/31]}
routes:
  - {prefix: 203.0.113.0/24, tunnel: fra1, priority: 100}
  - {prefix: 198.51.100.0/24, tunnel: fra1, priority: 100}
  - {prefix: 203.0.113.0/24, tunnel: fra2, priority: 100}
`);

const at = (text: string) => parseAddress(text) as NonNullable<ReturnType<typeof parseAddress>>;
const FIRST: Prefix = { network: at('203.0.113.0'), length: 24 };
const SECOND: Prefix = { network: at('198.51.100.0'), length: 24 };

function by(prefix: Prefix, priority: number, ...links: readonly string[]): PlannedRoute {
  return { kind: 'unicast', prefix, priority, hops: links.map(link => ({ link, onlink: false, weight: 1 })) };
}

test.each<[string, readonly PlannedRoute[], object]>([
  ['no routes', [], {}],
  ['routes as the document has them', [by(FIRST, 100, 'fra1', 'fra2')], { fra1: 'healthy', fra2: 'healthy' }],
  [
    'one tunnel moved behind',
    [by(FIRST, 100, 'fra2'), by(FIRST, 500_100, 'fra1')],
    { fra1: 'degraded', fra2: 'healthy' },
  ],
  ['both moved', [by(FIRST, 1_000_100, 'fra1', 'fra2')], { fra1: 'down', fra2: 'down' }],
  ['a process killed between two routes', [by(FIRST, 1_000_100, 'fra1'), by(SECOND, 100, 'fra1')], { fra1: 'down' }],
  ['a route of another prefix, or of no tunnel', [by(SECOND, 500_100, 'fra2'), by(FIRST, 500_100, 'uplink')], {}],
  ['a route of no such priority', [by(FIRST, 600_100, 'fra1')], {}],
  ['what is unreachable', [{ kind: 'unreachable', prefix: FIRST, priority: 1_000_100 }], {}],
])('%s', (_, present, states) => {
  expect(Object.fromEntries(statesInForce(ACCOUNT, present))).toEqual(states);
});
