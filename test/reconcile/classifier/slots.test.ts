// Which rules keep their counter slots, and which slots the others get.

import { assignSlots, SlotPool } from '../../../src/reconcile/classifier/slots';

/** 'a' is a rule's name; what it says is its digest, whatever its comment. */
const rule = (name: string) => ({ comment: `rule ${name}`, digest: name });
const record = (slot: number, name: string) => ({ ...rule(name), slot, packets: 0n, bytes: 0n });

/** `before` by slot, '' for a free one. */
function assigned(before: readonly string[], after: readonly string[]) {
  const current = before.flatMap((name, slot) => (name === '' ? [] : [record(slot, name)]));
  const pool = new SlotPool(before.flatMap((name, slot) => (name === '' ? [slot] : [])));
  const found = assignSlots(after.map(rule), current, count => pool.take(count, 1));
  return found && { slots: [...found.slots], fresh: found.fresh, ended: found.ended };
}

test.each<[what: string, before: string[], after: string[], expected: unknown]>([
  ['first rules', ['', '', ''], ['a', 'b'], { slots: [0, 1], fresh: [0, 1], ended: [] }],
  ['nothing changes', ['a', 'b', ''], ['a', 'b'], { slots: [0, 1], fresh: [], ended: [] }],
  ['a rule in between', ['a', 'b', ''], ['a', 'c', 'b'], { slots: [0, 2, 1], fresh: [1], ended: [] }],
  ['a rule gone', ['a', 'b', 'c'], ['a', 'c'], { slots: [0, 2], fresh: [], ended: [1] }],
  ['a rule replaced', ['a', 'b', '', ''], ['c', 'b'], { slots: [2, 1], fresh: [0], ended: [0] }],
  ['two rules change places', ['a', 'b'], ['b', 'a'], { slots: [1, 0], fresh: [], ended: [] }],
  ['no slot left', ['a', 'b'], ['a', 'c'], undefined],
  ['no rules', ['a', ''], [], { slots: [], fresh: [], ended: [0] }],
])('%s', (_, before, after, expected) => {
  expect(assigned(before, after)).toEqual(expected);
});

test('a slot that has ended with a flip is given again after the flip after it', () => {
  const pool = new SlotPool([7]);
  pool.end([3], 5);
  expect(pool.take(2, 5)).toBeUndefined();
  expect(pool.take(1, 5)).toEqual([7]);
  expect(pool.take(1, 5)).toBeUndefined();
  expect(pool.take(1, 6)).toEqual([3]);
  expect(pool.take(1, 7)).toBeUndefined();
});

test('slots that have never had a rule come before those that have', () => {
  const pool = new SlotPool([4, 5]);
  pool.end([0], 1);
  expect(pool.take(3, 9)).toEqual([4, 5, 0]);
});
