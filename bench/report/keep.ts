// bench/results.json and docs/performance.md on disk. Rows that were not run this time keep what they had.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from '../place';
import { describeMachine } from './machine';
import { pageWith } from './page';
import type { Results, RowResult } from './result';

const RESULTS = join(PROJECT, 'bench', 'results.json');
const PAGE = join(PROJECT, 'docs', 'performance.md');

/** `names` are all rows there are, in the order of the table; what others have left goes. */
export async function keep(fresh: readonly RowResult[], names: readonly string[]): Promise<void> {
  const earlier: Results | undefined = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : undefined;
  const byName = new Map([...(earlier?.rows ?? []), ...fresh].map(row => [row.name, row]));
  const rows = names.flatMap(name => byName.get(name) ?? []);
  const results = { machine: await describeMachine(), rows };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(PAGE, pageWith(readFileSync(PAGE, 'utf8'), results));
}
