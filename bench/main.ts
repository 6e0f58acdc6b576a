// make bench: runs all rows, or those named, one after the other, prints each as it ends, and keeps the results. Exit
// status 1 where a row broke or a check found a difference; a goal that is missed is told, and is no failure.

import { parseArgs } from 'node:util';
import { exitOnSignal } from '../src/cli/exit-on-signal';
import { judge } from './report/judge';
import { keep } from './report/keep';
import type { RowResult } from './report/result';
import { furtherFigures, rowLines } from './report/table';
import { DEFAULT_SETTINGS, type Row, type Settings, Skipped } from './row';
import { ROWS } from './rows';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: String(DEFAULT_SETTINGS.runs) },
      effort: { type: 'string', default: String(DEFAULT_SETTINGS.effort) },
      try: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.filter(name => !ROWS.some(row => row.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no row ${unknown.join(', ')}; there are: ${ROWS.map(({ name }) => name).join(' ')}\n`);
    return 2;
  }
  const settings = { runs: Number(values.runs), effort: Number(values.effort) };
  const results: RowResult[] = [];
  for (const row of ROWS) {
    if (positionals.length > 0 && !positionals.includes(row.name)) continue;
    const result = await runRow(row, settings);
    results.push(result);
    print(result);
  }
  if (!values.try)
    await keep(
      results,
      ROWS.map(({ name }) => name),
    );
  return results.some(isWrong) ? 1 : 0;
}

async function runRow(row: Row, settings: Settings): Promise<RowResult> {
  const { name, what, against, goals } = row;
  const head = () => ({ name, what, against, goals, date: new Date().toISOString(), runs: settings.runs });
  try {
    const measurements = await row.run(settings);
    return { ...head(), kind: 'measured', lines: measurements.map(each => judge(each, goals)) };
  } catch (error) {
    if (error instanceof Skipped) return { ...head(), kind: 'skipped', reason: error.message };
    return {
      ...head(),
      kind: 'broken',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function print(result: RowResult): void {
  for (const cells of rowLines(result)) process.stdout.write(`${result.name}: ${cells.filter(Boolean).join(' | ')}\n`);
  if (result.kind === 'broken') process.stderr.write(`${result.error}\n`);
  const notes =
    result.kind === 'measured' ? result.lines.flatMap(line => [...furtherFigures(line), ...line.notes]) : [];
  for (const note of notes) process.stdout.write(`  ${note}\n`);
}

function isWrong(result: RowResult): boolean {
  if (result.kind === 'broken') return true;
  return result.kind === 'measured' && result.lines.some(({ check }) => (check?.differences ?? 0) > 0);
}

exitOnSignal();
main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack ?? error}\n`);
    process.exitCode = 3;
  },
);
