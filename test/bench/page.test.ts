// The table in docs/performance.md is that of bench/results.json, and both have the rows that there are.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageWith } from '../../bench/report/page';
import type { Results } from '../../bench/report/result';
import { ROWS } from '../../bench/rows';

const ROOT = join(__dirname, '../..');
const results: Results = JSON.parse(readFileSync(join(ROOT, 'bench/results.json'), 'utf8'));

test('the page has the table of the results (make bench writes both)', () => {
  const page = readFileSync(join(ROOT, 'docs/performance.md'), 'utf8');
  expect(page).toBe(pageWith(page, results));
});

test('the results have every row, in its order, with what it says of itself', () => {
  const told = results.rows.map(({ name, what, against, goals }) => ({ name, what, against, goals }));
  expect(told).toEqual(ROWS.map(({ name, what, against, goals }) => ({ name, what, against, goals })));
});

test('no two rows have one name, and each row has its file', () => {
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
  expect(ROWS.filter(({ name }) => !existsSync(join(ROOT, 'bench/rows', `${name}.ts`)))).toEqual([]);
});
