// Order keys: what a rule that stays keeps, and what a new one between two others gets.

import { compareKeys, orderKeys } from '../../../src/backend/nft/order-key';

describe('keys are given:', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['numbers where there were none', 'a b c', {}, '1 2 3'],
    ['none for no rules', '', {}, ''],
    ['the same for the same rules', 'a b c', { a: '1', b: '2.5', c: '7' }, '1 2.5 7'],
    ['the middle for a rule in between', 'a x b', { a: '3', b: '4' }, '3 3.5 4'],
    ['a whole number where one is free', 'a x b', { a: '3', b: '7' }, '3 5 7'],
    ['the place before a newer one', 'a x b', { a: '3', b: '3.5' }, '3 3.499 3.5'],
    ['the place behind a newer one', 'a x b', { a: '3.5', b: '4' }, '3.5 3.501 4'],
    ['several places behind a newer one', 'a x y b', { a: '3.5', b: '4' }, '3.5 3.501 3.502 4'],
    ['several places before a newer one', 'a x y b', { a: '3', b: '3.5' }, '3 3.498 3.499 3.5'],
    ['more decimals where there is no room', 'a x b', { a: '3.499', b: '3.5' }, '3.499 3.499001 3.5'],
    ['the middle of two as old', 'a x b', { a: '3.1', b: '3.2' }, '3.1 3.15 3.2'],
    ['room for several', 'a x y z b', { a: '1', b: '2' }, '1 1.2 1.5 1.7 2'],
    ['a number below the first', 'x a', { a: '1' }, '0.5 1'],
    ['the next numbers behind the last', 'a x y', { a: '2.5' }, '2.5 3 4'],
    ['new ones to the fewest that moved', 'c a b d', { a: '1', b: '2', c: '3', d: '4' }, '0.5 1 2 4'],
    ['nothing for what is gone', 'a c', { a: '1', b: '2', c: '3' }, '1 3'],
    ['another where two have one key', 'a b', { a: '1', b: '1' }, '0.5 1'],
    ['another for what is no key of ours', 'a b c', { a: '0', b: '2.50', c: '007' }, '1 2 3'],
    ['all anew where a key would be too long', 'a x b', { a: '1', b: `1.${'0'.repeat(21)}1` }, '1 2 3'],
  ])('%s', (_, refs, kept, expected) => {
    const order = refs.split(' ').filter(ref => ref !== '');
    expect([...orderKeys(order, new Map(Object.entries(kept))).values()].join(' ')).toBe(expected);
  });

  test.each<[string, (order: readonly string[], ref: string) => string[]]>([
    ['at the front', (order, ref) => [ref, ...order]],
    ['behind the first', (order, ref) => order.toSpliced(1, 0, ref)],
    ['before the last', (order, ref) => order.toSpliced(-1, 0, ref)],
  ])('a thousand rules one by one %s leave all others their keys', (_, put) => {
    let order = ['first', 'last'];
    let keys = orderKeys(order);
    for (let each = 0; each < 1000; each++) {
      const before = keys;
      order = put(order, `rule ${each}`);
      keys = orderKeys(order, before);
      expect([...before].filter(([ref, key]) => keys.get(ref) !== key)).toEqual([]);
    }
    expect([...keys].sort(([, a], [, b]) => compareKeys(a, b)).map(([ref]) => ref)).toEqual(order);
    expect(Math.max(...[...keys.values()].map(key => key.length))).toBeLessThanOrEqual(24);
  });
});

test.each([
  ['1', '2'],
  ['9', '10'],
  ['2', '2.5'],
  ['2.25', '2.5'],
  ['0.5', '1'],
  ['1.00000000000000000001', '1.00000000000000000002'],
  ['3', '3.00000000000000000001'],
])('%s comes before %s', (first, second) => {
  expect(compareKeys(first, second)).toBeLessThan(0);
  expect(compareKeys(second, first)).toBeGreaterThan(0);
  expect(compareKeys(first, first)).toBe(0);
});
