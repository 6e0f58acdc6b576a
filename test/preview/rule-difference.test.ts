// What two policies say otherwise, as `+ref -ref ~ref >ref`.

import { parseAccount } from '../../src/account/parse-account';
import { listDifference, ruleDifference } from '../../src/preview/rule-difference';

/** `ref expression`, a rule a line. */
function policy(rules: readonly string[], lists: object = {}) {
  const text = JSON.stringify({
    account: 'tests',
    lists,
    rules: rules.map(line => {
      const [ref, ...expression] = line.split(' ');
      return { ref, expression: expression.join(' '), action: 'block' };
    }),
  });
  const reading = parseAccount(text);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.account;
}

test.each([
  [['a true'], ['a true'], ''],
  [[], ['a true'], '+a'],
  [['a true'], [], '-a'],
  [['a true', 'b true'], ['a true', 'x false', 'b true'], '+x'],
  [['a true', 'b true'], ['a false', 'b true'], '~a'],
  [['a true', 'b true', 'c true'], ['c true', 'a true', 'b true'], '>c'],
  [['a true', 'b true'], ['b true', 'a false'], '~a >b'],
  [['a true', 'b true', 'c true'], ['c true', 'x true', 'b false'], '-a ~b >c +x'],
])('%j to %j is %j', (before, after, told) => {
  const { added, removed, changed, moved } = ruleDifference({ before: policy(before), after: policy(after) });
  const words = [
    ...removed.map(({ ref }) => `-${ref}`),
    ...changed.map(pair => `~${pair.after.ref}`),
    ...moved.map(({ ref }) => `>${ref}`),
    ...added.map(({ ref }) => `+${ref}`),
  ];
  expect(words.join(' ')).toBe(told);
});

test('lists that came, went or have other items', () => {
  const before = policy([], { same: ['192.0.2.1', '192.0.2.2'], gone: ['192.0.2.1'], other: ['192.0.2.1'] });
  const after = policy([], { same: ['192.0.2.2', '192.0.2.1'], other: ['192.0.2.1', '192.0.2.0/30'], fresh: [] });
  expect(listDifference({ before, after })).toEqual([
    { name: 'gone', kind: 'removed', itemsAdded: 0, itemsRemoved: 1 },
    { name: 'other', kind: 'changed', itemsAdded: 1, itemsRemoved: 0 },
    { name: 'fresh', kind: 'added', itemsAdded: 0, itemsRemoved: 0 },
  ]);
});
