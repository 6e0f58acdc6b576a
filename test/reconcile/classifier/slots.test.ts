// Which rules keep their counter slots, and which slots the others get.

import { assignSlots } from '../../../src/reconcile/classifier/slots';

/** 'a1' is the rule whose comment is a and whose formula is the first of that name. */
const rule = (name: string) => ({ comment: name[0] ?? '', digest: Uint8Array.of(Number(name[1])) });
const record = (slot: number, name: string) => ({ ...rule(name), slot, packets: 0n, bytes: 0n });

/** `before` by slot, '' for a free one; `busy` slots have no rule any more and are not free yet. */
function assigned(before: readonly string[], busy: readonly number[], after: readonly string[]) {
  const current = before.flatMap((name, slot) => (name === '' ? [] : [record(slot, name)]));
  const used = new Set([...current.map(({ slot }) => slot), ...busy]);
  const found = assignSlots(after.map(rule), current, slot => !used.has(slot), before.length);
  return found && { slots: [...found.slots], fresh: found.fresh, ended: found.ended };
}

test.each<[what: string, before: string[], busy: number[], after: string[], expected: unknown]>([
  ['first rules', ['', '', ''], [], ['a1', 'b1'], { slots: [0, 1], fresh: [0, 1], ended: [] }],
  ['nothing changes', ['a1', 'b1', ''], [], ['a1', 'b1'], { slots: [0, 1], fresh: [], ended: [] }],
  ['a rule in between', ['a1', 'b1', ''], [], ['a1', 'c1', 'b1'], { slots: [0, 2, 1], fresh: [1], ended: [] }],
  ['a rule gone', ['a1', 'b1', 'c1'], [], ['a1', 'c1'], { slots: [0, 2], fresh: [], ended: [1] }],
  ['another formula', ['a1', 'b1', '', ''], [], ['a2', 'b1'], { slots: [2, 1], fresh: [0], ended: [0] }],
  ['a slot that is not free yet', ['a1', '', ''], [1], ['a1', 'b1'], { slots: [0, 2], fresh: [1], ended: [] }],
  ['two rules change places', ['a1', 'b1'], [], ['b1', 'a1'], { slots: [1, 0], fresh: [], ended: [] }],
  ['no slot left', ['a1', 'b1'], [], ['a1', 'c1'], undefined],
  ['no rules', ['a1', ''], [], [], { slots: [], fresh: [], ended: [0] }],
])('%s', (_, before, busy, after, expected) => {
  expect(assigned(before, busy, after)).toEqual(expected);
});
