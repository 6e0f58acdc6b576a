import { NLMSG_HEADER, splitMessages } from '../../../src/netlink/message';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import { type BatchOperation, subjectOf } from '../../../src/netlink/nftables/batch-operation';
import { elementAt, type SetElement } from '../../../src/netlink/nftables/element';
import { expressionAt } from '../../../src/netlink/nftables/rule';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const table = { kind: 'table', family: 'ip', name: 't' } as const;
const elements = { kind: 'elements', family: 'ip', table: 't', set: 's' } as const;

test('a batch begins and ends for nf_tables', () => {
  const { bytes, end, messages } = encodeBatch([{ operation: 'delete', object: table }]);
  expect(hex(bytes)).toBe(
    '14000000' +
      '1000' +
      '0100' +
      '0000000000000000' +
      '0000000a' +
      '1c000000' +
      '020a' +
      '0100' +
      '0000000000000000' +
      '02000000' +
      '0600010074000000' +
      '14000000' +
      '1100' +
      '0100' +
      '0000000000000000' +
      '0000000a',
  );
  expect([messages, end]).toEqual([[{ offset: 20, operation: 0, firstElement: 0 }], 48]);
});

describe('a batch of', () => {
  const rule = { kind: 'rule', family: 'ip', table: 't', chain: 'c', expressions: [] } as const;
  const chain = { kind: 'chain', family: 'ip', table: 't', name: 'c' } as const;
  const members = (count: number): BatchOperation => ({
    operation: 'add',
    object: { ...elements, elements: Array.from({ length: count }, (_, last) => ({ key: Uint8Array.of(last) })) },
  });

  test.each<[string, readonly BatchOperation[], boolean]>([
    ['elements is short', [members(3)], true],
    ['chains and elements is short', [{ operation: 'delete', object: chain }, members(1)], true],
    ['nothing is short', [], true],
    ['many elements is not', [members(256)], false],
    ['a rule is not', [members(1), { operation: 'add', object: rule }], false],
    ['a table is not', [{ operation: 'delete', object: table }], false],
    ['all elements of a set is not', [{ operation: 'flush', object: { ...elements, kind: 'set', name: 's' } }], false],
    ['all rules of a chain is not', [{ operation: 'flush', object: chain }], false],
  ])('%s', (_, operations, short) => {
    expect(encodeBatch(operations).short).toBe(short);
  });
});

test('the generation is an attribute of the beginning', () => {
  const { bytes, end } = encodeBatch([], 0x01020304);
  expect(hex(bytes.subarray(0, end))).toBe(
    '1c000000' + '1000' + '0100' + '0000000000000000' + '0000000a' + '0800010001020304',
  );
});

test.each<readonly [string, BatchOperation, number, number]>([
  ['destroy a table', { operation: 'destroy', object: table }, 0x0a1a, 0x001],
  ['destroy a chain', { operation: 'destroy', object: { ...table, kind: 'chain', table: 't' } }, 0x0a1b, 0x001],
  [
    'destroy a rule',
    { operation: 'destroy', object: { ...table, kind: 'rule', table: 't', chain: 'c', handle: 1n } },
    0x0a1c,
    0x001,
  ],
  ['destroy a set', { operation: 'destroy', object: { ...table, kind: 'set', table: 't' } }, 0x0a1d, 0x001],
  [
    'destroy elements',
    { operation: 'destroy', object: { ...elements, elements: [{ key: Uint8Array.of(1) }] } },
    0x0a1e,
    0x001,
  ],
  [
    'destroy a counter',
    { operation: 'destroy', object: { ...table, kind: 'counter_object', table: 't' } },
    0x0a1f,
    0x001,
  ],
  [
    'create elements',
    { operation: 'create', object: { ...elements, elements: [{ key: Uint8Array.of(1) }] } },
    0x0a0c,
    0x601,
  ],
])('%s has its message and flags', (_, operation, type, flags) => {
  const { bytes, messages, end } = encodeBatch([operation]);
  expect(splitMessages(bytes.subarray(messages[0]?.offset, end)).map(message => [message.type, message.flags])).toEqual(
    [[type, flags]],
  );
});

test('no elements are no message', () => {
  expect(encodeBatch([{ operation: 'delete', object: { ...elements, elements: [] } }]).messages).toEqual([]);
});

test.each([
  // 16 bytes each: 61,440 bytes of them fill one message.
  [3840, [0]],
  [3841, [0, 3840]],
  [7681, [0, 3840, 7680]],
])('%i elements of 4 bytes begin their messages at %j', (count, firstElements) => {
  const list: SetElement[] = Array.from({ length: count }, (_, index) => ({
    key: Uint8Array.of(10, 0, index >> 8, index),
  }));
  const { messages } = encodeBatch([{ operation: 'add', object: { ...elements, elements: list } }]);
  expect(messages.map(({ firstElement }) => firstElement)).toEqual(firstElements);
});

test('an interval that does not fit whole goes whole into the next message', () => {
  // Starts take 16 bytes, ends 24: 1536 pairs fill a message exactly, and one element more before them moves the last pair.
  const pair: SetElement[] = [{ key: Uint8Array.of(1) }, { key: Uint8Array.of(2), flags: ['interval_end'] }];
  const pairs = (count: number): SetElement[] => Array.from({ length: count }, () => pair).flat();
  const firsts = (list: readonly SetElement[]) =>
    encodeBatch([{ operation: 'add', object: { ...elements, elements: list } }]).messages.map(
      ({ firstElement }) => firstElement,
    );
  expect(firsts(pairs(1537)).at(1)).toBe(2 * 1536);
  expect(firsts([{ key: Uint8Array.of(0) }, ...pairs(1536)]).at(1)).toBe(1 + 2 * 1535);
});

test.each<readonly [BatchOperation, string]>([
  [{ operation: 'add', object: table, subject: 'account a' }, 'account a'],
  [{ operation: 'delete', object: table }, 'delete table ip t'],
  [{ operation: 'flush', object: { ...table, kind: 'chain', table: 't', name: 'c' } }, 'flush chain ip t c'],
  [
    { operation: 'insert', object: { kind: 'rule', family: 'ip6', table: 't', chain: 'c', expressions: [] } },
    'insert rule ip6 t c',
  ],
  [{ operation: 'add', object: { ...elements, elements: [] } }, 'add elements ip t s'],
  [
    { operation: 'delete', object: { ...table, kind: 'counter_object', table: 't', name: 'n' } },
    'delete counter object ip t n',
  ],
])('%j is called %s', (operation, subject) => {
  expect(subjectOf(operation)).toBe(subject);
});

test('offsets name expressions and elements', () => {
  const verdict = { kind: 'verdict', verdict: { code: 'drop' } } as const;
  const rule = encodeBatch([
    {
      operation: 'add',
      object: { kind: 'rule', family: 'ip', table: 't', chain: 'c', expressions: [{ kind: 'counter' }, verdict] },
    },
  ]);
  const sent = rule.bytes.subarray(rule.messages[0]?.offset, rule.end);
  // Names at 20 and 28, the nest at 36, the counter at 40 with 20 bytes, the verdict at 60.
  expect([20, 36, 40, 59, 60, 80].map(offset => expressionAt(sent, offset))).toEqual([
    undefined,
    undefined,
    0,
    0,
    1,
    1,
  ]);
  const list = encodeBatch([
    { operation: 'add', object: { ...elements, elements: [{ key: Uint8Array.of(1) }, { key: Uint8Array.of(2) }] } },
  ]);
  const message = list.bytes.subarray(list.messages[0]?.offset, list.end);
  expect([NLMSG_HEADER, 40, 55, 56].map(offset => elementAt(message, offset))).toEqual([undefined, 0, 0, 1]);
});
