// What the next version of a policy has in common with the one before.

import { compilePlan, optionsAfter } from '../src/compile-plan';
import { planOf } from './packet/rules';
import { rulesOf, times } from './stage/policies';

test('a classifier of the next version has the shape, and so the program, of the one before where it fits', () => {
  const before = planOf(rulesOf(['block udp.srcport < 9', ...times(40, 'block ip.ttl == # and tcp.dstport > 9')]), {
    stages: 'classifier',
  });
  // Without the port of UDP there is a dimension less.
  const { ruleset } = planOf(rulesOf(times(30, 'block ip.ttl == # and tcp.dstport > 9')));
  const next = compilePlan(ruleset, optionsAfter(before));
  const alone = compilePlan(ruleset, before.options);
  const name = before.classifiers.ip?.program.name;
  expect(name).toMatch(/^[0-9a-f]{32}$/);
  expect([next.classifiers.ip?.program.name, alone.classifiers.ip?.program.name === name]).toEqual([name, false]);
});

test('rules of the next version keep their order keys', () => {
  const before = planOf(rulesOf(['block ip.ttl == 1', 'block ip.ttl == 2']));
  const { ruleset } = planOf([
    { ref: '1', expression: 'ip.ttl == 1', action: 'block' },
    { ref: 'new', expression: 'ip.ttl == 3', action: 'block' },
    { ref: '2', expression: 'ip.ttl == 2', action: 'block' },
  ]);
  expect(compilePlan(ruleset, optionsAfter(before)).keys).toEqual(
    new Map([
      ['1', '1'],
      ['new', '1.5'],
      ['2', '2'],
    ]),
  );
});
