// Which nft expression a set of values becomes, and what is tried first.

import { type Comparison, comparison } from '../../../src/backend/nft/comparison';
import { testCost } from '../../../src/backend/nft/rule-cost';
import { test as irTest, type Load, type Test } from '../../../src/ir/formula';

const PORT: Load = { kind: 'bytes', segment: 'transport', from: 'start', offset: 2, length: 2 };
const ADDRESS: Load = { kind: 'bytes', segment: 'network', from: 'start', offset: 12, length: 4 };
const SOURCE6: Load = { kind: 'bytes', segment: 'network', from: 'start', offset: 8, length: 16 };

function of(load: Load, ...ranges: readonly (readonly [bigint, bigint])[]): Test {
  return irTest(
    load,
    ranges.map(([from, to]) => ({ from, to })),
  );
}

describe('is compared by', () => {
  test.each<[string, Test, Comparison]>([
    ['== where it is one value', of(PORT, [22n, 22n]), { kind: 'cmp', operator: 'eq', value: 22n }],
    ['== where that is 0', of(PORT, [0n, 0n]), { kind: 'cmp', operator: 'eq', value: 0n }],
    ['== where that is the highest', of(PORT, [65535n, 65535n]), { kind: 'cmp', operator: 'eq', value: 65535n }],
    ['<= where it begins at 0', of(PORT, [0n, 1023n]), { kind: 'cmp', operator: 'lte', value: 1023n }],
    ['>= where it ends at the highest', of(PORT, [1024n, 65535n]), { kind: 'cmp', operator: 'gte', value: 1024n }],
    ['!= 0 where only that is missing', of(PORT, [1n, 65535n]), { kind: 'cmp', operator: 'neq', value: 0n }],
    ['nothing but the load where all may be', of(PORT, [0n, 65535n]), { kind: 'any' }],
    ['a range in the middle', of(PORT, [80n, 90n]), { kind: 'range', operator: 'eq', from: 80n, to: 90n }],
    ['!= where one value is missing', of(PORT, [0n, 21n], [23n, 65535n]), { kind: 'cmp', operator: 'neq', value: 22n }],
    [
      'a range that must not be',
      of(PORT, [0n, 79n], [91n, 65535n]),
      { kind: 'range', operator: 'neq', from: 80n, to: 90n },
    ],
    [
      '!= 0 where any bit of a mask may be set',
      { ...of(PORT, [1n, 0x3fffn]), mask: 0x3fffn },
      { kind: 'cmp', operator: 'neq', value: 0n },
    ],
    [
      '>= where it ends at the mask',
      { ...of(PORT, [0x20n, 0xf0n]), mask: 0xf0n },
      { kind: 'cmp', operator: 'gte', value: 0x20n },
    ],
    [
      '!= where the complement goes on beyond the mask',
      { ...of(PORT, [0n, 0x0fn], [0x11n, 65535n]), mask: 0xf0n },
      { kind: 'cmp', operator: 'neq', value: 0x10n },
    ],
    [
      'nothing but the load where the mask lets only those through',
      { ...of(PORT, [0n, 0xffn]), mask: 0xf0n },
      { kind: 'any' },
    ],
    ['a set where it is two values', of(PORT, [80n, 80n], [443n, 443n]), { kind: 'lookup' }],
    ['a set where two ranges leave out an end', of(PORT, [0n, 5n], [7n, 9n]), { kind: 'lookup' }],
    ['a set where it is three ranges', of(PORT, [0n, 1n], [3n, 4n], [6n, 65535n]), { kind: 'lookup' }],
    [
      '>= up to the highest IPv6 address',
      of(SOURCE6, [0xff00n << 112n, (1n << 128n) - 1n]),
      { kind: 'cmp', operator: 'gte', value: 0xff00n << 112n },
    ],
  ])('%s', (_, asked, expected) => {
    expect(comparison(asked)).toEqual(expected);
  });
});

test('what is cheap comes first', () => {
  const dear = of(ADDRESS, [1n, 1n], [3n, 3n]);
  const ordered = [
    of(PORT, [0n, 65535n]),
    of(PORT, [22n, 22n]),
    { ...of(PORT, [4n, 4n]), mask: 4n },
    of(PORT, [80n, 90n]),
    dear,
  ];
  expect([...ordered].reverse().sort((a, b) => testCost(a) - testCost(b))).toEqual(ordered);
});
