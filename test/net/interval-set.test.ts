import {
  between,
  complement,
  contains,
  type IntervalSet,
  intersect,
  isSubset,
  isUniverse,
  normalize,
  of,
  union,
  universe,
} from '../../src/net/interval-set';

type Pair = readonly [number, number];

function set(...pairs: readonly Pair[]): IntervalSet {
  return pairs.map(([from, to]) => ({ from: BigInt(from), to: BigInt(to) }));
}

describe('normalize', () => {
  test.each<[string, readonly Pair[], readonly Pair[]]>([
    [
      'sorts',
      [
        [9, 9],
        [1, 2],
      ],
      [
        [1, 2],
        [9, 9],
      ],
    ],
    [
      'joins overlapping ranges',
      [
        [1, 5],
        [3, 8],
      ],
      [[1, 8]],
    ],
    [
      'joins ranges that touch',
      [
        [1, 2],
        [3, 4],
      ],
      [[1, 4]],
    ],
    [
      'keeps a gap of one value',
      [
        [1, 2],
        [4, 5],
      ],
      [
        [1, 2],
        [4, 5],
      ],
    ],
    [
      'swallows a range inside another',
      [
        [0, 9],
        [3, 4],
      ],
      [[0, 9]],
    ],
    [
      'drops a range that ends before it begins',
      [
        [5, 4],
        [1, 1],
      ],
      [[1, 1]],
    ],
    [
      'takes duplicates',
      [
        [7, 7],
        [7, 7],
      ],
      [[7, 7]],
    ],
    ['makes nothing of nothing', [], []],
  ])('%s', (_, ranges, expected) => {
    expect(normalize(set(...ranges))).toEqual(set(...expected));
  });
});

describe('complement within 8 bits', () => {
  test.each<[string, readonly Pair[], readonly Pair[]]>([
    ['of nothing is everything', [], [[0, 255]]],
    ['of everything is nothing', [[0, 255]], []],
    [
      'of a middle range has two parts',
      [[80, 90]],
      [
        [0, 79],
        [91, 255],
      ],
    ],
    ['of the lowest value', [[0, 0]], [[1, 255]]],
    ['of the highest value', [[255, 255]], [[0, 254]]],
    [
      'of both ends is the middle',
      [
        [0, 0],
        [255, 255],
      ],
      [[1, 254]],
    ],
  ])('%s', (_, ranges, expected) => {
    expect(complement(set(...ranges), 8)).toEqual(set(...expected));
  });
});

test('the complement of an IPv6 address is everything around it', () => {
  const top = (1n << 128n) - 1n;
  expect(complement([{ from: top, to: top }], 128)).toEqual([{ from: 0n, to: top - 1n }]);
});

describe('intersect', () => {
  test.each<[string, readonly Pair[], readonly Pair[], readonly Pair[]]>([
    ['of disjoint sets is empty', [[1, 2]], [[3, 4]], []],
    ['of a point and its range is the point', [[5, 5]], [[0, 9]], [[5, 5]]],
    [
      'takes each overlap',
      [
        [0, 10],
        [20, 30],
      ],
      [[5, 25]],
      [
        [5, 10],
        [20, 25],
      ],
    ],
    ['meets at one value', [[0, 5]], [[5, 9]], [[5, 5]]],
  ])('%s', (_, a, b, expected) => {
    expect(intersect(set(...a), set(...b))).toEqual(set(...expected));
    expect(intersect(set(...b), set(...a))).toEqual(set(...expected));
  });
});

test('union joins what touches across the two sets', () => {
  expect(union(set([1, 2], [7, 7]), set([3, 4]))).toEqual(set([1, 4], [7, 7]));
});

describe('contains', () => {
  test.each<[number, boolean]>([
    [0, false],
    [1, true],
    [2, true],
    [3, false],
    [9, true],
    [10, false],
  ])('%d in {1..2 9} is %s', (value, expected) => {
    expect(contains(set([1, 2], [9, 9]), BigInt(value))).toBe(expected);
  });
});

test('a range with its bounds exchanged is empty, not everything', () => {
  expect(between(5n, 4n)).toEqual([]);
});

test('only the one full range is the universe', () => {
  expect(isUniverse(universe(16), 16)).toBe(true);
  expect(isUniverse(of(0n), 1)).toBe(false);
  expect(isUniverse(universe(8), 16)).toBe(false);
});

describe('isSubset', () => {
  test.each<[string, readonly Pair[], readonly Pair[], boolean]>([
    ['nothing lies in nothing', [], [], true],
    ['nothing lies in anything', [], [[1, 2]], true],
    ['something lies not in nothing', [[1, 1]], [], false],
    [
      'a set lies in itself',
      [
        [1, 2],
        [4, 9],
      ],
      [
        [1, 2],
        [4, 9],
      ],
      true,
    ],
    [
      'two ranges in one',
      [
        [2, 3],
        [5, 6],
      ],
      [[1, 9]],
      true,
    ],
    [
      'a range of a later one',
      [[5, 6]],
      [
        [1, 2],
        [4, 9],
      ],
      true,
    ],
    [
      'beginning earlier',
      [[3, 6]],
      [
        [1, 2],
        [4, 9],
      ],
      false,
    ],
    [
      'ending later',
      [[5, 10]],
      [
        [1, 2],
        [4, 9],
      ],
      false,
    ],
    [
      'across a gap',
      [[1, 4]],
      [
        [1, 2],
        [4, 9],
      ],
      false,
    ],
    [
      'the second not',
      [
        [1, 2],
        [11, 11],
      ],
      [
        [1, 2],
        [4, 9],
      ],
      false,
    ],
  ])('%s', (_, part, whole, expected) => {
    expect(isSubset(set(...part), set(...whole))).toBe(expected);
  });
});
