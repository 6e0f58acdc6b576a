// The operations that put a plan in the place of what the kernel has, written out: what is made, in which order, what
// stays, and what goes.

import type { BatchOperation } from '../../src/netlink/nftables/batch-operation';
import type { RuleReference } from '../../src/netlink/nftables/rule';
import type { ActualTable } from '../../src/reconcile/actual';
import { type TableSpec, tableSpec } from '../../src/reconcile/table-spec';
import { addIntervalSets, changeTable, type Ownership } from '../../src/reconcile/transaction';
import { planOf, type WrittenRule } from '../packet/rules';
import { listed } from './listed';

const SSH = spec('tcp.dstport == 22');
const WEB = spec('tcp.dstport in {80 443}');
const RANGES = spec('tcp.dstport in {80..90 443}');
const CHOICE = spec('ip.ttl == 1 or ip.len == 40');
const RANGE: WrittenRule = { ref: 'C', expression: 'tcp.dstport in {3..400}', action: 'block' };
const KEYS = new Map(['A', 'B', 'C', 'D'].map((ref, position) => [ref, String(position + 1)]));

describe('the first policy is made', () => {
  test('with a table that outlives its socket', () => {
    expect(operations(change(CHOICE, undefined, 'owner-persist'))).toEqual([
      'create table rampart owner,persist',
      'add chain magic_transit prerouting -300',
      'add chain rule_1_0',
      'add chain rule_1_match',
      'add chain policy_version',
      'add rule magic_transit',
      'add rule rule_1_0',
      'add rule rule_1_0',
      'add rule rule_1_match',
    ]);
  });

  test('with a table without flags where the kernel has none', () => {
    expect(operations(change(SSH, undefined, 'none'))[0]).toBe('create table rampart');
  });

  test('with sets before the rules that look into them', () => {
    const made = operations(change(WEB, undefined, 'none'));
    const set = made.findIndex(operation => operation.startsWith('create set set_'));
    expect(made[set + 1]).toMatch(/^add elements set_[0-9a-f]{12} 2$/);
    expect(set).toBeGreaterThan(0);
    expect(made.slice(set + 1).some(operation => operation === 'add rule magic_transit')).toBe(true);
  });
});

describe('a policy replaces another', () => {
  test('with only what differs made anew', () => {
    expect(operations(change(CHOICE, listed(spec('ip.ttl == 2 or ip.len == 50'))))).toEqual([
      'flush chain rule_1_0',
      'delete rule rule_1_match 4',
      'delete chain policy_version',
      'create chain policy_version',
      'add rule rule_1_0',
      'add rule rule_1_0',
      'add rule rule_1_match',
    ]);
  });

  test.each<[string, string, readonly string[]]>([
    ['nothing', 'A B C D', []],
    ['a rule less', 'A B D', ['delete rule magic_transit 3']],
    ['a rule more', 'A B X C D', ['insert rule magic_transit before 3']],
    [
      'two rules more in a row',
      'A X Y B C D',
      ['insert rule magic_transit before 2', 'insert rule magic_transit before 2'],
    ],
    ['a rule more at the front', 'X A B C D', ['insert rule magic_transit before 1']],
    ['a rule more at the end', 'A B C D X', ['add rule magic_transit']],
    ['another rule', 'A X C D', ['delete rule magic_transit 2', 'insert rule magic_transit before 3']],
    ['another order', 'D A B C', ['delete rule magic_transit 4', 'insert rule magic_transit before 1']],
    [
      'all others',
      'X Y Z',
      ['flush chain magic_transit', 'add rule magic_transit', 'add rule magic_transit', 'add rule magic_transit'],
    ],
  ])('with rules that stay where they are: %s', (_, after, expected) => {
    const made = operations(change(rulesOf(after, KEYS), listed(rulesOf('A B C D', KEYS))));
    expect(made.filter(operation => !/policy_version/.test(operation))).toEqual(expected);
  });

  test('with sets that both have staying', () => {
    const made = operations(change(WEB, listed(WEB), 'none'));
    expect(made.filter(operation => / set /.test(operation))).toEqual([]);
  });

  test('with a set that only the old one has going, after the rules that looked into it', () => {
    const made = operations(change(SSH, listed(WEB), 'none'));
    expect(made[0]).toBe('delete rule magic_transit 2');
    expect(made.filter(operation => / set /.test(operation))).toEqual([expect.stringMatching(/^delete set set_/)]);
  });

  test('with a base chain of another priority made anew', () => {
    const before = listed(SSH);
    const chains = before.chains.map(chain =>
      chain.base === undefined ? chain : { ...chain, base: { ...chain.base, priority: 0 } },
    );
    const made = operations(change(SSH, { ...before, chains }, 'none'));
    expect(made).toContain('delete chain magic_transit');
    expect(made).toContain('create chain magic_transit prerouting -300');
  });

  test('with a dormant table waking up', () => {
    const before = listed(SSH);
    const dormant = { ...before, table: { ...before.table, flags: ['dormant'] as const } };
    expect(operations(change(SSH, dormant, 'none'))[0]).toBe('add table rampart');
  });
});

describe('a verdict map stays, and of its elements', () => {
  const PORTS = port('A', 1).concat(port('B', 2), port('C', 3));
  test.each<[string, readonly WrittenRule[], readonly string[], readonly string[]]>([
    ['none change', PORTS, [], []],
    ['one comes', [...PORTS, ...port('D', 4)], ['add elements map_dport 1'], []],
    ['one goes', PORTS.slice(1), ['delete elements map_dport 1'], []],
    [
      'one gets another key',
      [...PORTS.slice(0, 2), ...port('C', 4)],
      ['delete elements map_dport 1', 'add elements map_dport 1'],
      [],
    ],
    [
      'one gets another verdict',
      [...PORTS.slice(0, 2), ...port('C', 3, 'skip')],
      ['delete elements map_dport 1', 'add elements map_dport 1'],
      [],
    ],
    [
      'one gets another owner',
      [...PORTS.slice(0, 2), ...port('D', 3)],
      ['delete elements map_dport 1', 'add elements map_dport 1'],
      [],
    ],
    [
      'one whose rule moves to another map goes behind',
      [...PORTS.slice(0, 2), RANGE],
      ['create set map_l4proto', 'add elements map_l4proto 1', 'add rule magic_transit'],
      ['delete elements map_dport 1'],
    ],
    [
      'one that drops goes behind where another rule comes',
      [...PORTS.slice(0, 2), { ...RANGE, ref: 'other' }],
      ['create set map_l4proto', 'add elements map_l4proto 1', 'add rule magic_transit'],
      ['delete elements map_dport 1'],
    ],
  ])('%s', (_, after, operated, afterwards) => {
    const spec = (rules: readonly WrittenRule[]) =>
      tableSpec(planOf(rules, { stages: 'verdict_map', keys: KEYS }).tables.ip);
    const refs = new Set(after.map(({ ref }) => String(ref)));
    const made = changeTable(spec(after), listed(spec(PORTS)), 'none', refs);
    expect(operations(made.operations).filter(operation => !/policy_version/.test(operation))).toEqual(operated);
    expect(operations(made.afterwards)).toEqual(afterwards);
  });

  test('those of a map that goes go with it, behind', () => {
    const spec = (stages: 'verdict_map' | 'linear') => tableSpec(planOf(PORTS, { stages, keys: KEYS }).tables.ip);
    const { afterwards } = changeTable(spec('linear'), listed(spec('verdict_map')), 'none', new Set(['A', 'B', 'C']));
    expect(operations(afterwards)).toEqual(['delete set map_dport']);
  });
});

describe('sets of intervals come before their rules', () => {
  test('in a table that is there', () => {
    const made = operations(addIntervalSets(RANGES, listed(SSH), 'none'));
    expect(made).toEqual([expect.stringMatching(/^create set set_/), expect.stringMatching(/^add elements set_.* 4$/)]);
  });

  test('in a table made for them', () => {
    expect(operations(addIntervalSets(RANGES, undefined, 'owner-persist'))[0]).toBe(
      'create table rampart owner,persist',
    );
  });

  test.each<[string, TableSpec, ActualTable | undefined]>([
    ['that are there already', RANGES, listed(RANGES)],
    ['of single values, which packets see at once', WEB, undefined],
    ['of which there are none', SSH, undefined],
  ])('except those %s', (_, wanted, present) => {
    expect(addIntervalSets(wanted, present, 'none')).toEqual([]);
  });
});

function change(
  spec: TableSpec,
  actual: ActualTable | undefined,
  ownership: Ownership = 'none',
): readonly BatchOperation[] {
  const { operations, afterwards } = changeTable(spec, actual, ownership, new Set(['1']));
  expect(afterwards).toEqual([]);
  return operations;
}

function port(ref: string, number: number, action: WrittenRule['action'] = 'block'): WrittenRule[] {
  return [{ ref, expression: `tcp.dstport == ${number}`, action }];
}

/** One rule for each letter. */
function rulesOf(letters: string, keys: ReadonlyMap<string, string>): TableSpec {
  const rules = letters.split(' ').map(ref => {
    return { ref, action: 'block' as const, expression: `ip.ttl == ${ref.charCodeAt(0)}` };
  });
  return tableSpec(planOf(rules, { keys, stages: 'linear' }).tables.ip);
}

function spec(expression: string): TableSpec {
  return tableSpec(planOf([{ expression, action: 'block' }]).tables.ip);
}

function operations(batch: readonly BatchOperation[]): string[] {
  return batch.map(({ operation, object }) => `${operation} ${describeObject(object)}`);
}

function describeObject(object: BatchOperation['object']): string {
  switch (object.kind) {
    case 'table':
      return ['table', object.name, ...('flags' in object && object.flags ? [object.flags.join()] : [])].join(' ');
    case 'chain': {
      const base = 'base' in object && object.base !== undefined ? [object.base.hook, object.base.priority] : [];
      return ['chain', object.name, ...base].join(' ');
    }
    case 'rule':
      return ['rule', object.chain, ...placeOf(object)].join(' ');
    case 'set':
      return `set ${object.name}`;
    case 'elements':
      return `elements ${object.set} ${object.elements.length}`;
    default:
      return object.kind;
  }
}

/** The handle that a rule is deleted by or goes before. */
function placeOf(rule: RuleReference & { readonly position?: bigint }): string[] {
  if (rule.handle !== undefined) return [String(rule.handle)];
  return rule.position === undefined ? [] : [`before ${rule.position}`];
}
