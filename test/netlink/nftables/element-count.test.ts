// Counts read alone are those that the whole elements have.

import { type Message, splitMessages } from '../../../src/netlink/message';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import { decodeElements, type SetElement } from '../../../src/netlink/nftables/element';
import { decodeElementCounts } from '../../../src/netlink/nftables/element-count';
import type { Expression } from '../../../src/netlink/nftables/expression/expression';
import { commentUserdata, encodeTlvs } from '../../../src/netlink/nftables/userdata';

const KEY = Uint8Array.of(10, 0, 0, 1);
const COUNTER: Expression = { kind: 'counter', packets: 3n, bytes: 2n ** 63n + 5n };
const LIMIT: Expression = { kind: 'unknown', name: 'limit' };

function message(elements: readonly SetElement[]): Message {
  const { bytes, messages, end } = encodeBatch([
    { operation: 'add', object: { kind: 'elements', family: 'ip', table: 't', set: 's', elements } },
  ]);
  const [only] = splitMessages(bytes.subarray(messages[0]?.offset, end));
  if (only === undefined) throw new Error('no message');
  return only;
}

test.each<[string, SetElement, readonly unknown[]]>([
  [
    'a comment and a counter',
    { key: KEY, userdata: commentUserdata('web'), expressions: [COUNTER] },
    [{ comment: 'web', packets: 3n, bytes: 2n ** 63n + 5n }],
  ],
  [
    'a comment in UTF-8 behind something else',
    {
      key: KEY,
      userdata: encodeTlvs([
        { type: 1, value: Uint8Array.of(0, 0) },
        { type: 0, value: Buffer.from('Büro\0') },
      ]),
      expressions: [COUNTER],
    },
    [{ comment: 'Büro', packets: 3n, bytes: 2n ** 63n + 5n }],
  ],
  [
    'a counter behind another expression',
    { key: KEY, userdata: commentUserdata('web'), expressions: [LIMIT, COUNTER] },
    [{ comment: 'web', packets: 3n, bytes: 2n ** 63n + 5n }],
  ],
  [
    'a counter that has no numbers',
    { key: KEY, userdata: commentUserdata('web'), expressions: [{ kind: 'counter' }] },
    [{ comment: 'web', packets: 0n, bytes: 0n }],
  ],
  ['no counter', { key: KEY, userdata: commentUserdata('web') }, []],
  ['another expression', { key: KEY, userdata: commentUserdata('web'), expressions: [LIMIT] }, []],
  ['no comment', { key: KEY, expressions: [COUNTER] }, []],
])('an element with %s', (_, element, expected) => {
  expect(decodeElementCounts(message([element]))).toEqual(expected);
});

test('every element of a message, in its order, as the whole elements say', () => {
  const elements = [1, 2, 3].map(last => ({
    key: Uint8Array.of(10, 0, 0, last),
    data: { kind: 'verdict', verdict: { code: 'drop' } } as const,
    userdata: commentUserdata(`rule ${last}`),
    expressions: [{ kind: 'counter', packets: BigInt(last), bytes: BigInt(last * 40) } as const],
  }));
  const sent = message(elements);
  expect(decodeElementCounts(sent)).toEqual([
    { comment: 'rule 1', packets: 1n, bytes: 40n },
    { comment: 'rule 2', packets: 2n, bytes: 80n },
    { comment: 'rule 3', packets: 3n, bytes: 120n },
  ]);
  expect(decodeElements(sent).elements.map(({ expressions }) => expressions?.[0])).toEqual(
    elements.map(({ expressions }) => expressions[0]),
  );
});

test('a message of another kind is refused', () => {
  expect(() => decodeElementCounts({ ...message([{ key: KEY }]), type: 0x0a06 })).toThrow(
    expect.objectContaining({ code: 'EBADMSG' }),
  );
});
