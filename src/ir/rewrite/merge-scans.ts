// Alternatives that look for something in the same segment are looked for by one automaton, in one pass over the bytes:
// `contains "a" or contains "b"` becomes a search for either. Where the one would be too large it is two for half of them.

import { choice, type RegexNode } from '../../language/regex/node';
import { dfaWithin } from '../automaton/determine';
import { AUTOMATON_LIMITS } from '../automaton/dfa';
import { type Formula, or, type Scan } from '../formula';
import { rebuild } from './rewrite';

/** Steps that all attempts in a formula may take: what is not joined by then stays as it is. */
const MOST_STEPS = 1 << 20;

export function mergeScans(formula: Formula): Formula {
  const spent = { steps: 0 };
  return rebuild(formula, node => {
    if (node.kind !== 'or') return node;
    const scans = node.operands.filter(isSearch);
    const others = node.operands.filter(operand => !isSearch(operand));
    const segments = [...new Set(scans.map(({ segment }) => segment))];
    const bySegment = segments.map(segment => scans.filter(scan => scan.segment === segment));
    return or([...others, ...bySegment.flatMap(alike => join(alike, spent))]);
  });
}

type Search = Scan & { readonly pattern: RegexNode };

function isSearch(formula: Formula): formula is Search {
  return formula.kind === 'scan' && formula.pattern !== undefined;
}

function join(scans: readonly Search[], spent: { steps: number }): readonly Search[] {
  const [first] = scans;
  if (first === undefined || scans.length === 1 || spent.steps > MOST_STEPS) return scans;
  const pattern = choice(scans.map(scan => scan.pattern));
  const { dfa, steps } = dfaWithin(pattern, { ...AUTOMATON_LIMITS, steps: MOST_STEPS - spent.steps });
  spent.steps += steps;
  if (dfa !== undefined) {
    return [{ ...first, automaton: dfa, pattern, description: scans.map(scan => scan.description).join(' or ') }];
  }
  const half = Math.ceil(scans.length / 2);
  return [...join(scans.slice(0, half), spent), ...join(scans.slice(half), spent)];
}
