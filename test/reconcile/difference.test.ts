// What a new policy changes, rule by rule: two policies, one in the kernel, and which of the second's rules are added,
// removed, changed, moved or the same.

import type { Actual, ActualTable } from '../../src/reconcile/actual';
import { allNew, type Difference, difference, hasRules } from '../../src/reconcile/difference';
import { type TableSpec, tableSpec } from '../../src/reconcile/table-spec';
import { planOf, type WrittenRule } from '../packet/rules';
import { listed } from './listed';

type Refs = Partial<Record<Exclude<keyof Difference, 'none'>, readonly string[]>>;

const FOREIGN = {
  kind: 'chain',
  family: 'ip',
  table: 'rampart',
  name: 'foreign',
  handle: 9n,
  use: 0,
  flags: [],
} as const;
const SSH: WrittenRule = { ref: 'ssh', expression: 'tcp.dstport == 22', action: 'block' };
const WEB: WrittenRule = { ref: 'web', expression: 'tcp.dstport in {80 443}', action: 'log' };
const EITHER: WrittenRule = { ref: 'either', expression: 'ip.ttl == 1 or ip.len == 40', action: 'block' };
const TOKEN: WrittenRule = { ref: 'token', expression: 'ends_with(udp.payload, "xyzzy")', action: 'block' };
const V6: WrittenRule = { ref: 'v6', expression: 'ip.src == 2001:db8::1', action: 'block' };
const NEVER: WrittenRule = { ref: 'never', expression: 'false', action: 'block' };
const ALL = [SSH, EITHER, TOKEN];

describe('from one policy to the next:', () => {
  test.each<[string, readonly WrittenRule[], readonly WrittenRule[], Refs]>([
    ['nothing changes', ALL, ALL, { unchanged: ['ssh', 'either', 'token'] }],
    ['a rule is added at the end', [SSH], [SSH, WEB], { unchanged: ['ssh'], added: ['web'] }],
    ['a rule is added at the front', [SSH], [WEB, SSH], { added: ['web'], unchanged: ['ssh'] }],
    [
      'a rule with chains of its own changes places with another',
      [SSH, EITHER],
      [EITHER, SSH],
      { moved: ['either'], unchanged: ['ssh'] },
    ],
    [
      'the last rule comes first',
      [SSH, WEB, EITHER],
      [EITHER, SSH, WEB],
      { moved: ['either'], unchanged: ['ssh', 'web'] },
    ],
    ['a rule is removed', [SSH, WEB], [SSH], { unchanged: ['ssh'], removed: ['web'] }],
    ['all are removed', [SSH, WEB], [], { removed: ['ssh', 'web'] }],
    ['a port changes', [SSH], [{ ...SSH, expression: 'tcp.dstport == 23' }], { changed: ['ssh'] }],
    ['an action changes', [SSH], [{ ...SSH, action: 'log' }], { changed: ['ssh'] }],
    ['a rule is disabled', [SSH], [{ ...SSH, enabled: false }], { changed: ['ssh'] }],
    ['the elements of a set change', [WEB], [{ ...WEB, expression: 'tcp.dstport in {80 444}' }], { changed: ['web'] }],
    [
      'a program changes',
      [TOKEN],
      [{ ...TOKEN, expression: 'ends_with(udp.payload, "xyzzz")' }],
      { changed: ['token'] },
    ],
    ['the other family changes', [V6], [{ ...V6, expression: 'ip.src == 2001:db8::2' }], { changed: ['v6'] }],
    [
      'an alternative in a chain changes',
      [EITHER],
      [{ ...EITHER, expression: 'ip.ttl == 1 or ip.len == 41' }],
      { changed: ['either'] },
    ],
    [
      'what leads to a chain changes',
      [{ ...EITHER, expression: 'ip.src == 10.0.0.1 and (ip.ttl == 1 or ip.len == 40)' }],
      [{ ...EITHER, expression: 'ip.src == 10.0.0.2 and (ip.ttl == 1 or ip.len == 40)' }],
      { changed: ['either'] },
    ],
    ['a rule gets another name', [SSH], [{ ...SSH, ref: 'shell' }], { added: ['shell'], removed: ['ssh'] }],
    ['a rule that matches nothing is added', [SSH], [SSH, NEVER], { unchanged: ['ssh'], added: ['never'] }],
  ])('%s', (_, before, after, expected) => {
    const { none, ...changes } = difference(specs(after), kernelWith(before));
    expect(changes).toEqual({ added: [], removed: [], changed: [], moved: [], unchanged: [], ...expected });
    expect(none).toBe(before === after);
  });
});

test('all is new where there is no rule yet, as the comparison says', () => {
  const all = allNew([{ ref: 'ssh' }, { ref: 'web' }], false);
  expect(all).toEqual({ added: ['ssh', 'web'], removed: [], changed: [], moved: [], unchanged: [], none: false });
  expect(difference(specs([SSH, WEB]), { ip: undefined, ip6: undefined })).toEqual(all);
  expect(difference(specs([SSH, WEB]), kernelWith([]))).toEqual(all);
});

test.each<[string, Actual, boolean]>([
  ['no table', { ip: undefined, ip6: undefined }, false],
  ['a policy of no rules', kernelWith([]), false],
  ['a rule', kernelWith([SSH]), true],
  ['a rule that matches nothing', kernelWith([NEVER]), true],
])('whether %s has rules', (_, { ip }, expected) => {
  expect(hasRules(ip)).toBe(expected);
});

describe('there is something to send', () => {
  const damage = (change: (table: ActualTable) => ActualTable): Actual => {
    const { ip, ip6 } = kernelWith([SSH, WEB]);
    return { ip: ip && change(ip), ip6 };
  };
  test.each<[string, Actual]>([
    ['where nothing is', { ip: undefined, ip6: undefined }],
    ['where one family is missing', { ...kernelWith([SSH, WEB]), ip6: undefined }],
    ['where a rule was removed by hand', damage(table => ({ ...table, rules: table.rules.slice(1) }))],
    ['where rules were exchanged by hand', damage(table => ({ ...table, rules: [...table.rules].reverse() }))],
    [
      'where a set was emptied by hand',
      damage(table => ({ ...table, sets: table.sets.map(set => ({ ...set, elements: [] })) })),
    ],
    ['where a chain was added by hand', damage(table => ({ ...table, chains: [...table.chains, FOREIGN] }))],
    ['where the table sleeps', damage(table => ({ ...table, table: { ...table.table, flags: ['dormant'] } }))],
  ])('%s', (_, actual) => {
    expect(difference(specs([SSH, WEB]), actual).none).toBe(false);
  });

  test('but not where only counts and handles differ', () => {
    const counted = damage(table => ({
      ...table,
      rules: table.rules.map(rule => ({
        ...rule,
        handle: 77n,
        expressions: rule.expressions.map(each =>
          each.kind === 'counter' ? { ...each, packets: 5n, bytes: 99n } : each,
        ),
      })),
    }));
    expect(difference(specs([SSH, WEB]), counted).none).toBe(true);
  });
});

function specs(rules: readonly WrittenRule[]): Readonly<Record<'ip' | 'ip6', TableSpec>> {
  const { tables } = planOf(rules);
  return { ip: tableSpec(tables.ip), ip6: tableSpec(tables.ip6) };
}

function kernelWith(rules: readonly WrittenRule[]): Actual {
  const { ip, ip6 } = specs(rules);
  return { ip: listed(ip), ip6: listed(ip6) };
}
