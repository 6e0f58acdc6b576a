// What others put into our tables: the next full apply takes it out, whatever it is, unless it judges no packet. The tables
// are nobody's then, so that others can change them.

import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { apply } from '../../src/reconcile/apply';
import { readKeys } from '../../src/reconcile/counters';
import { destroy } from '../../src/reconcile/destroy';
import { planOf, type WrittenRule } from '../packet/rules';
import { listRuleset, nft } from './foreign-nft';
import { TEST_CACHE } from './object-cache';

const NAME = `rampart-test-foreign-objects-${process.pid}`;
const target = { namespace: NAME };
/** With chains of its own, rule_1_0 and others. */
const DEEP: WrittenRule = { ref: 'deep', expression: 'ip.ttl == 1 or ip.len == 40', action: 'block' };
const PORT: WrittenRule = { ref: 'port', expression: 'udp.dstport == 7000', action: 'block' };
const OTHER: WrittenRule = { ref: 'other', expression: 'udp.dstport == 7001', action: 'block' };

beforeEach(() => createNamespace(NAME));

afterEach(async () => {
  await destroy(target);
  deleteNamespace(NAME);
});

const DAMAGE: readonly [string, string][] = [
  ['a rule', 'insert rule ip rampart magic_transit accept'],
  ['a rule with a set of its own', 'insert rule ip rampart magic_transit udp dport { 1, 2, 7000 } accept'],
  ['a rule with a map of its own', 'insert rule ip rampart magic_transit udp dport vmap { 1 : accept, 7000 : accept }'],
  ['a chain that leads to one of ours', 'add chain ip rampart x\nadd rule ip rampart x jump rule_1_0'],
  [
    'a base chain that leads to one of ours',
    'add chain ip rampart x { type filter hook prerouting priority -301; }\nadd rule ip rampart x jump rule_1_0',
  ],
  ['a base chain that drops', 'add chain ip rampart x { type filter hook input priority 0; policy drop; }'],
  [
    'a map that leads to one of our chains',
    'add map ip rampart m { type inet_service : verdict; elements = { 9 : jump rule_1_0 }; }',
  ],
  [
    'a map that a rule looks into and that leads to one of our chains',
    'add map ip rampart m { type inet_service : verdict; elements = { 9 : jump rule_1_0 }; }\n' +
      'insert rule ip rampart magic_transit udp dport vmap @m',
  ],
  [
    'a set that a rule uses',
    'add set ip rampart s { type inet_service; elements = { 9 }; }\n' +
      'insert rule ip rampart magic_transit udp dport @s accept',
  ],
  [
    'a set that a rule writes',
    'add set ip rampart s { type ipv4_addr; size 16; flags dynamic; }\n' +
      'insert rule ip rampart magic_transit update @s { ip saddr } accept',
  ],
  [
    'a counter that a rule uses',
    'add counter ip rampart c\ninsert rule ip rampart magic_transit counter name c accept',
  ],
  [
    'a quota that a rule uses',
    'add quota ip rampart q { over 1 bytes }\ninsert rule ip rampart magic_transit quota name q accept',
  ],
  [
    'a limit that a rule uses',
    'add limit ip rampart l { rate 1/second }\ninsert rule ip rampart magic_transit limit name l accept',
  ],
  [
    'a map of counters that a rule uses',
    'add counter ip rampart c\nadd map ip rampart m { type inet_service : counter; elements = { 9 : "c" }; }\n' +
      'insert rule ip rampart magic_transit counter name udp dport map @m',
  ],
  ['an element in a map of ours', 'add element ip rampart map_dport { 9 : accept }'],
  ['an element of ours that leads to one of our chains', 'add element ip rampart map_dport { 9 : jump rule_1_0 }'],
  [
    'a map of ours that is another',
    'flush chain ip rampart magic_transit\ndelete map ip rampart map_dport\n' +
      'add map ip rampart map_dport { type inet_service : verdict; flags interval; counter; }',
  ],
  [
    'a chain of ours that is another',
    'delete chain ip rampart policy_version\n' +
      'add chain ip rampart policy_version { type filter hook output priority 0; }',
  ],
  ['a set with the name of that of earlier counts', 'add set ip rampart earlier_counts { type inet_service; }'],
  [
    'counts of rules that there are not',
    'add set ip rampart earlier_counts { type ipv6_addr; counter; ' +
      'elements = { ::1 counter packets 5 bytes 5 comment "rampart earlier ref=x" }; }',
  ],
];

describe.each(DAMAGE)('%s', (_, commands) => {
  test('is mended by the policy that was in force', async () => {
    await apply(planOf([DEEP, PORT, OTHER], { stages: 'verdict_map' }), target, TEST_CACHE);
    await nft(NAME, commands);
    await expectApplied([DEEP, PORT, OTHER]);
  });

  test('does not stand in the way of another one', async () => {
    await apply(planOf([DEEP, PORT, OTHER], { stages: 'verdict_map' }), target, TEST_CACHE);
    await nft(NAME, commands);
    await expectApplied([OTHER]);
  });
});

async function expectApplied(rules: readonly WrittenRule[]): Promise<void> {
  const plan = planOf(rules, { stages: 'verdict_map', keys: await readKeys(target) });
  expect((await apply(plan, target, TEST_CACHE)).difference.none).toBe(false);
  expect((await apply(plan, target, TEST_CACHE)).difference.none).toBe(true);
  expect(listRuleset(NAME)).not.toMatch(/chain x|map m |set s |__|flags interval|ref=x/);
}
