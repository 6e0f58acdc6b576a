// What makes a version another one, and what does not.

import { changedVersion, planVersion } from '../src/plan-version';
import { planOf, type WrittenRule } from './packet/rules';

const SSH: WrittenRule = { ref: 'ssh', expression: 'tcp.dstport == 22', action: 'block' };
const WEB: WrittenRule = { ref: 'web', expression: 'tcp.dstport in {80 443}', action: 'log' };

describe('the version is', () => {
  const { version } = planOf([SSH, WEB]);

  test.each<[string, readonly WrittenRule[], Parameters<typeof planOf>[1]]>([
    ['the same rules in other words', [{ ...SSH, expression: '(tcp.dstport eq 22)' }, WEB], {}],
    ['the same rules with other keys', [SSH, WEB], { keys: new Map([['web', '17.5']]) }],
  ])('the same for %s', (_, rules, options) => {
    expect(planOf(rules, options).version).toBe(version);
  });

  test.each<[string, readonly WrittenRule[], Parameters<typeof planOf>[1]]>([
    ['another value', [{ ...SSH, expression: 'tcp.dstport == 23' }, WEB], {}],
    ['another ref', [{ ...SSH, ref: 'shell' }, WEB], {}],
    ['another action', [{ ...SSH, action: 'skip' }, WEB], {}],
    ['a disabled rule', [{ ...SSH, enabled: false }, WEB], {}],
    ['another order', [WEB, SSH], {}],
    ['one rule fewer', [SSH], {}],
    ['a rule more that matches nothing', [SSH, WEB, { expression: 'false', action: 'block' }], {}],
    ['another log group', [SSH, WEB], { logGroup: 6 }],
    ['another backend', [SSH, WEB], { choice: 'ebpf' }],
  ])('another for %s', (_, rules, options) => {
    expect(planOf(rules, options).version).not.toBe(version);
  });
});

test('a changed rule gives the version that all rules together give', () => {
  const rules = Array.from({ length: 300 }, (_, n) => ({
    expression: `tcp.dstport == ${n + 1}`,
    action: 'block' as const,
  }));
  const before = planOf(rules).ruleset.rules;
  const after = planOf(rules.with(200, { expression: 'udp.dstport == 53', action: 'block' })).ruleset.rules;
  const version = planVersion(before, '');
  expect(changedVersion(version, after, 200, '')).toEqual(planVersion(after, ''));
  expect(planVersion(after, '').text).not.toBe(version.text);
});
