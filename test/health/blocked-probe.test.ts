// What the rules of an account do to the answers to its tunnels' probes: as the evaluator says it, and as the kernel does it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../../src/account/account';
import { parseAccount } from '../../src/account/parse-account';
import { compile, compileRuleset } from '../../src/compile';
import { blockedProbes } from '../../src/health/blocked-probe';
import { internetAnswers } from '../../src/health/internet-answers';
import { watchTunnels } from '../../src/health/monitor';
import { monitoredTunnels } from '../../src/health/monitored-tunnel';
import { apply } from '../../src/reconcile/apply';
import { TEST_CACHE } from '../kernel/object-cache';
import { type HealthNetwork, makeHealthNetwork } from './network';

interface Given {
  readonly health?: string;
  readonly rules?: readonly (readonly [action: 'block' | 'skip' | 'log', expression: string])[];
  readonly namespace?: string;
}

const BLOCK_ALL = ['block', 'true'] as const;

function account({
  health = 'type: request, target: 10.255.0.1, direction: bidirectional',
  rules = [],
  namespace = 'own',
}: Given): Account {
  const reading = parseAccount(`
account: acme
namespace: ${namespace}
tunnels:
  - {name: fra1, kind: vxlan, key: 42, local: 192.0.2.1, remote: 192.0.2.2,
     addresses: [10.255.0.0/31, 'fd00:255::/127'], health: {rate: high, ${health}}}
routes:
  - {prefix: 203.0.113.0/24, tunnel: fra1, gateway: 10.255.0.1}
  - {prefix: '2001:db8:9::/48', tunnel: fra1, gateway: 'fd00:255::1'}
rules:
${rules.map(([action, expression], index) => `  - {ref: r${index}, action: ${action}${action === 'skip' ? ', action_parameters: {ruleset: current}' : ''}, expression: ${JSON.stringify(expression)}}`).join('\n') || '  []'}
`);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.account;
}

function said(given: Given): string[] {
  const document = account(given);
  const compiled = compileRuleset(document);
  if (!compiled.ok) throw new Error('an expression is refused');
  return blockedProbes(document, compiled.value).map(({ tunnel, ref, cure }) => `${tunnel} by ${ref}: ${cure}`);
}

const ICMP_CURE = 'before it, skip what matches: icmp.type == 0 and ip.src == 10.255.0.1 and ip.dst == 10.255.0.0';
const ICMPV6_CURE =
  'before it, skip what matches: icmpv6.type == 129 and ip.src == 2001:db8:9::9 and ip.dst == fd00:255::';
const REQUEST = "type: request, direction: bidirectional, target: '2001:db8:9::9'";
const REPLY = 'type: reply, direction: bidirectional, target: 203.0.113.9';

const CASES: readonly [name: string, given: Given, said: readonly string[]][] = [
  ['no rules', {}, []],
  ['a rule about other packets', { rules: [['block', 'tcp.dstport == 80 or icmp.type == 8']] }, []],
  ['all ICMP', { rules: [['block', 'ip.proto == "icmp"']] }, [`fra1 by r0: ${ICMP_CURE}`]],
  ['all packets', { rules: [BLOCK_ALL] }, [`fra1 by r0: ${ICMP_CURE}`]],
  [
    'all packets but the answers, as the cure says',
    { rules: [['skip', 'icmp.type == 0 and ip.src == 10.255.0.1 and ip.dst == 10.255.0.0'], BLOCK_ALL] },
    [],
  ],
  [
    'all packets but those of the other family',
    { rules: [['skip', 'icmpv6.type == 129'], ['log', 'true'], BLOCK_ALL] },
    [`fra1 by r2: ${ICMP_CURE}`],
  ],
  ['all packets of the tunnel by its name', { rules: [['block', 'in_iface == "fra1"']] }, [`fra1 by r0: ${ICMP_CURE}`]],
  ['all packets of another tunnel', { rules: [['block', 'in_iface == "fra2"']] }, []],
  [
    'an echo reply of the origin, which comes back as it was sent',
    { health: REPLY, rules: [['block', 'ip.src == 203.0.113.9']] },
    ['fra1 by r0: before it, skip what matches: icmp.type == 0 and ip.src == 203.0.113.9 and ip.dst == 10.255.0.0'],
  ],
  ['the answer to a request, over IPv6', { health: REQUEST, rules: [BLOCK_ALL] }, [`fra1 by r0: ${ICMPV6_CURE}`]],
];

it.each(CASES)('the evaluator: %s', (_, given, expected) => {
  expect(said(given)).toEqual(expected);
});

it.each<[string, Given, number]>([
  ['answers over the Internet are none of the rules', { health: 'direction: unidirectional', rules: [BLOCK_ALL] }, 0],
  [
    'unless the account is in the namespace of the host',
    { namespace: 'host', health: 'direction: unidirectional', rules: [BLOCK_ALL] },
    1,
  ],
])('%s', (_, given, count) => {
  expect(said(given)).toHaveLength(count);
});

describe('the kernel', () => {
  let network: HealthNetwork;
  beforeAll(() => {
    network = makeHealthNetwork('blocked');
  });
  afterAll(() => network.remove());

  // The origin routes for 203.0.113.9 and answers for no address but its own.
  it.each(CASES.filter(([, { health }]) => health !== REQUEST))('%s', async (_, given, expected) => {
    const document = account(given);
    const compiled = compile(document);
    if (!compiled.ok) throw new Error('an expression is refused');
    const place = { namespace: network.account };
    await apply(compiled.value, place, TEST_CACHE);
    const answers = internetAnswers({ namespace: network.host });
    const rates = { low: RATE, mid: RATE, high: RATE };
    const monitor = watchTunnels({ place, tunnels: monitoredTunnels(document), answers, rates }, () => {});
    try {
      for (;;) {
        const health = monitor.states().get('fra1');
        if (health !== undefined && health.loss.sent >= 3) {
          expect(health.state).toBe(expected.length === 0 ? 'healthy' : 'down');
          break;
        }
        await sleep(5);
      }
    } finally {
      monitor.close();
      answers.close();
    }
  });
});

/** Of a busy machine: often, and with patience. */
const RATE = { interval: 50, timeout: 700 };
