// Alternatives that look for something in the same segment are looked for by one automaton, in one pass over the bytes:
// `contains "a" or contains "b"` becomes a search for either. Where the one would be too large it is two for half of them.

import { choice } from '../../language/regex/node';
import { dfaOf } from '../automaton/dfa';
import { type Formula, or, type Scan } from '../formula';
import { rebuild } from './rewrite';

export function mergeScans(formula: Formula): Formula {
  return rebuild(formula, node => {
    if (node.kind !== 'or') return node;
    const scans = node.operands.filter(operand => operand.kind === 'scan');
    const segments = new Set(scans.map(({ segment }) => segment));
    const joined = [...segments].flatMap(segment => join(scans.filter(scan => scan.segment === segment)));
    const others = node.operands.filter(operand => operand.kind !== 'scan');
    return or([...others, ...joined]);
  });
}

function join(scans: readonly Scan[]): readonly Scan[] {
  const [first] = scans;
  if (first === undefined || scans.length === 1) return scans;
  const pattern = choice(scans.map(scan => scan.pattern));
  const automaton = dfaOf(pattern);
  if (automaton !== undefined) {
    return [{ ...first, automaton, pattern, description: scans.map(scan => scan.description).join(' or ') }];
  }
  const half = Math.ceil(scans.length / 2);
  return [...join(scans.slice(0, half)), ...join(scans.slice(half))];
}
