// The results as a table, in Markdown; the terminal gets the same lines.

import type { Goal, Unit } from '../row';
import type { Figure, Line, Results, RowResult } from './result';

const HEAD = ['what', 'against', 'ours', 'theirs', 'median (range of the runs)', 'goal', 'met', 'checked'];

const COLUMNS = ['ours', 'theirs', 'ratio'];

export function resultsTable({ rows }: Pick<Results, 'rows'>): string {
  const lines = [HEAD, HEAD.map(() => '---'), ...rows.flatMap(rowLines)];
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

export function rowLines(row: RowResult): string[][] {
  const { what, against } = row;
  const goal = row.goals.map(goalText).join(', ');
  switch (row.kind) {
    case 'skipped':
      return [[what, against, '', '', `skipped: ${row.reason}`, goal, '', '']];
    case 'broken':
      return [[what, against, '', '', `broken: ${row.error.split('\n')[0]}`, goal, 'no', '']];
    case 'measured':
      return row.lines.map(line => lineCells(line, row, goal));
  }
}

function lineCells({ label, figures, check, met }: Line, { what, against, goals }: RowResult, goal: string): string[] {
  const main = figures[goals[0]?.figure ?? 'ours'];
  return [
    label === '' ? what : `${what}: ${label}`,
    against,
    absolute(figures.ours),
    absolute(figures.theirs),
    main === undefined ? '' : `${amount(main.median, main.unit)} (${rangeText(main)})`,
    goal,
    met ? 'yes' : 'no',
    check === undefined ? '' : `${check.differences} of ${check.packets} differ`,
  ];
}

/** Figures that the table has no column for. */
export function furtherFigures({ figures }: Line): string[] {
  return Object.entries(figures)
    .filter(([name]) => !COLUMNS.includes(name))
    .map(([name, figure]) => `${name}: ${amount(figure.median, figure.unit)} (${rangeText(figure)})`);
}

function goalText({ bound, value, unit }: Goal): string {
  return `${bound === 'at_least' ? 'at least' : 'at most'} ${value}${SUFFIX[unit]}`;
}

function absolute(figure: Figure | undefined): string {
  return figure === undefined ? '' : amount(figure.median, figure.unit);
}

function rangeText({ low, high, unit }: Figure): string {
  return `${amount(low, unit)} to ${amount(high, unit)}`;
}

const SUFFIX: Readonly<Record<Unit, string>> = { ms: ' ms', us: ' us', ns: ' ns', times: 'x' };

/** Three digits are more than the runs agree in. */
function amount(value: number, unit: Unit): string {
  if (unit === 'us' && value >= 1000) return amount(value / 1000, 'ms');
  return `${Number(value.toPrecision(3))}${SUFFIX[unit]}`;
}
