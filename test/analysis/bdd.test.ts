// Diagrams against truth tables: a function of four variables is the 16-bit number of its results.

import { Diagrams, type Edge, ONE, SPENT, ZERO } from '../../src/analysis/bdd';

const VARIABLES = [0, 1, 2, 3];
const ROWS = Array.from({ length: 16 }, (_, row) => row);
/** The tables of the four variables: variable n is bit n of the row's number. */
const TABLES = [0b1010_1010_1010_1010, 0b1100_1100_1100_1100, 0b1111_0000_1111_0000, 0b1111_1111_0000_0000];

function tableOf(d: Diagrams, f: Edge): number {
  return ROWS.reduce((table, row) => table | (isTrue(d, f, row) ? 1 << row : 0), 0);
}

function isTrue(d: Diagrams, f: Edge, row: number): boolean {
  let edge = f;
  while (edge !== ONE && edge !== ZERO) edge = (row >> d.levelOf(edge)) & 1 ? d.high(edge) : d.low(edge);
  return edge === ONE;
}

/** Every function of four variables, by table. */
function everyFunction(d: Diagrams): ReadonlyMap<number, Edge> {
  const byTable = new Map<number, Edge>();
  for (let table = 0; table <= 0xffff; table++) {
    const minterms = ROWS.filter(row => table & (1 << row)).map(row =>
      d.every(VARIABLES.map(level => ((row >> level) & 1 ? d.variable(level) : d.not(d.variable(level))))),
    );
    byTable.set(table, d.some(minterms));
  }
  return byTable;
}

const all = new Diagrams();
const functions = everyFunction(all);
const edgeOf = (table: number) => functions.get(table & 0xffff) as Edge;

test('each function of four variables has one edge, which says what its table says', () => {
  expect(new Set(functions.values()).size).toBe(65_536);
  expect([...functions].filter(([table, edge]) => tableOf(all, edge) !== table)).toEqual([]);
});

test('operations give the edge of the table that the operation gives', () => {
  const wrong: string[] = [];
  // Odd steps, so that the pairs spread over all tables.
  for (let n = 0; n < 20_000; n++) {
    const a = (n * 40_503) & 0xffff;
    const b = (n * 30_011 + (n >> 4)) & 0xffff;
    const [f, g] = [edgeOf(a), edgeOf(b)];
    if (all.and(f, g) !== edgeOf(a & b)) wrong.push(`${a} and ${b}`);
    if (all.or(f, g) !== edgeOf(a | b)) wrong.push(`${a} or ${b}`);
    if (all.xor(f, g) !== edgeOf(a ^ b)) wrong.push(`${a} xor ${b}`);
    if (all.minus(f, g) !== edgeOf(a & ~b)) wrong.push(`${a} minus ${b}`);
    if (all.not(f) !== edgeOf(~a)) wrong.push(`not ${a}`);
  }
  expect(wrong).toEqual([]);
});

test.each([0, 1, 2, 3])(
  'a choice by variable %i gives one function where it is true and the other elsewhere',
  level => {
    const table = TABLES[level] as number;
    for (const n of ROWS) {
      const [low, high] = [(n * 40_503) & 0xffff, (n * 30_011) & 0xffff];
      const chosen = all.choose(all.variable(level), edgeOf(low), edgeOf(high));
      expect(chosen).toBe(edgeOf((high & table) | (low & ~table)));
    }
  },
);

test('a function that does not depend on a variable has no node for it', () => {
  const d = new Diagrams();
  const [a, b] = [d.variable(0), d.variable(1)];
  expect(d.or(d.and(a, b), d.minus(b, a))).toBe(b);
  expect(d.xor(a, a)).toBe(ZERO);
  expect(d.or(a, d.not(a))).toBe(ONE);
});

test('a diagram may be deeper than a stack', () => {
  const d = new Diagrams();
  const depth = 100_000;
  let every: Edge = ONE;
  for (let level = depth; level > 0; level--) every = d.choose(d.variable(level), ZERO, every);
  expect(d.and(every, d.not(d.variable(depth)))).toBe(ZERO);
  expect(d.or(every, d.variable(depth))).toBe(d.variable(depth));
});

describe('with its steps used up', () => {
  test('an operation has no result, nor has anything made from it', () => {
    const d = new Diagrams();
    const parity = [0, 1, 2, 3, 4, 5, 6, 7].reduce((f, level) => d.xor(f, d.variable(level)), ZERO);
    const other = d.or(d.variable(6), d.variable(7));
    d.allow(3);
    const spent = d.and(parity, other);
    expect(spent).toBe(SPENT);
    expect(d.not(spent)).toBe(SPENT);
    expect(d.or(ONE, spent)).toBe(SPENT);
    expect(d.xor(spent, ONE)).toBe(SPENT);
    expect(d.choose(d.variable(0), spent, ONE)).toBe(SPENT);
  });

  test('what was made before can still be used, and more steps go on', () => {
    const d = new Diagrams();
    const [a, b] = [d.variable(0), d.variable(1)];
    d.allow(0);
    expect(d.and(a, b)).toBe(SPENT);
    d.allow(10);
    expect(d.and(d.and(a, b), d.not(a))).toBe(ZERO);
  });
});
