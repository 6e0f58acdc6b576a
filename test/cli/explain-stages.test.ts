// explain -f POLICY: the stages in each family, with their rules, reasons and costs.

import { policyStages, printPolicyStages } from '../../src/cli/explain-stages';
import { planOf } from '../packet/rules';
import { rulesOf, times } from '../stage/policies';

const POLICY = [
  'log ip.ttl < 9',
  ...times(100, 'block ip.src == 10.0.0.# and tcp.dstport == #'),
  'skip ip.src == 2001:db8::1',
  'block udp.payload contains "abc"',
];

const STAGES = policyStages(planOf(rulesOf(POLICY)));

test('shows for each family what was chosen for which rules, why, and what it costs', () => {
  expect(printPolicyStages(STAGES)).toBe(
    [
      'IPv4: a packet that no rule decides pays up to 332 ns',
      'rules  count  stage            up to   because',
      '1      1      linear           5 ns    nothing is cheaper for one rule',
      '2-101  100    map_saddr_dport  112 ns  exact values of saddr and dport; one after the other up to 1500 ns',
      '103    1      linear           215 ns  nothing is cheaper for one rule',
      'match no packet of the family: 102',
      '',
      'IPv6: a packet that no rule decides pays up to 245 ns',
      'rules       count  stage   up to   because',
      '1, 102-103  3      linear  245 ns  nothing is cheaper for so few',
      'match no packet of the family: 2-101',
    ].join('\n'),
  );
});

test('says the same in JSON, and of a map its name, its guards and its key', () => {
  expect(STAGES.ip.stages[1]).toEqual({
    kind: 'verdict_map',
    rules: [[2, 101]],
    count: 100,
    map: { name: 'map_saddr_dport', guards: ['l4proto in {6}'], key: ['ip saddr', 'th dport'] },
    reason: 'exact values of saddr and dport; one after the other up to 1500 ns',
    cost: 112,
  });
  expect([STAGES.ip.cost, STAGES.ip.without, STAGES.ip6.cost]).toEqual([332, [[102, 102]], 245]);
});

test('of many separate rules only the first ranges and the last are shown', () => {
  const lines = times(12, 'block ip.src == 10.0.0.#').flatMap(line => [line, 'block ip.src == 2001:db8::1']);
  expect(
    printPolicyStages(policyStages(planOf(rulesOf(lines))))
      .split('\n')
      .slice(1, 3),
  ).toEqual([
    'rules             count  stage   up to  because',
    '1, 3, 5, 7, … 23  12     linear  60 ns  nothing is cheaper for so few',
  ]);
});

test('a policy of one family has nothing in the other', () => {
  const stages = policyStages(planOf(rulesOf(['block ip.src == 10.0.0.1'])));
  expect(printPolicyStages(stages)).toBe(
    [
      'IPv4: a packet that no rule decides pays up to 5 ns',
      'rules  count  stage   up to  because',
      '1      1      linear  5 ns   nothing is cheaper for one rule',
      '',
      'IPv6: no rule matches a packet',
    ].join('\n'),
  );
});
