// Measurements to lines of the table: medians, ranges, and whether the goals are met.

import { median } from '../median';
import type { Goal, Measurement, Series } from '../row';
import type { Figure, Line } from './result';

export function judge({ label, figures, check, notes = [] }: Measurement, goals: readonly Goal[]): Line {
  const judged = Object.fromEntries(Object.entries(figures).map(([name, series]) => [name, figureOf(series)]));
  const met = goals.every(goal => isMet(goal, judged[goal.figure])) && (check?.differences ?? 0) === 0;
  return { label, figures: judged, ...(check && { check }), notes, met };
}

function figureOf({ unit, runs }: Series): Figure {
  return { unit, runs, median: median(runs), low: Math.min(...runs), high: Math.max(...runs) };
}

/** A figure that a row does not have is one that it has not reached. */
function isMet({ bound, value }: Goal, figure: Figure | undefined): boolean {
  if (figure === undefined) return false;
  return bound === 'at_least' ? figure.median >= value : figure.median <= value;
}
