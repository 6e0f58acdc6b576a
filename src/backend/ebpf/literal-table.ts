// The literals that one program searches texts for, as the table that bpf/include/rampart/search.h reads.

import type { Dfa } from '../../ir/automaton/dfa';
import { type Literal, requiredLiterals } from '../../ir/automaton/required-literals';
import type { Scan } from '../../ir/formula';
import { powerOfTwo } from './power-of-two';

export interface LiteralTable {
  readonly literals: readonly Literal[];
  /** By the automaton that they spare. */
  readonly searches: ReadonlyMap<Dfa, LiteralSearch>;
}

export interface LiteralSearch {
  /** A literal of each group has to be there. */
  readonly groups: readonly LiteralGroup[];
  /** Does that decide, or does the automaton have to run then? */
  readonly suffices: boolean;
}

export interface LiteralGroup {
  /** Place of the first literal; the others follow. */
  readonly number: number;
  readonly count: number;
}

/** LITERAL_MOST of literal.h */
const LITERAL_BYTES = 16;

/** Equal scans have one place. */
export function literalTable(scans: readonly Scan[]): LiteralTable {
  const literals: Literal[] = [];
  const known = new Map<string, LiteralSearch | undefined>();
  const searches = new Map<Dfa, LiteralSearch>();
  for (const { segment, automaton, pattern, description } of scans) {
    if (segment === 'in_iface' || pattern === undefined) continue;
    if (!known.has(description)) {
      const required = requiredLiterals(pattern);
      const groups = required?.groups.map(group => ({
        number: literals.push(...group) - group.length,
        count: group.length,
      }));
      known.set(description, required && groups && { groups, suffices: required.suffice });
    }
    const search = known.get(description);
    if (search !== undefined) searches.set(automaton, search);
  }
  return { literals, searches };
}

/** An interface's name is too short to be searched. */
export function searchOf({ segment, automaton }: Scan, { searches }: LiteralTable): LiteralSearch | undefined {
  return segment === 'in_iface' ? undefined : searches.get(automaton);
}

/** At least two: clang puts constants of 4 to 32 bytes into sections (.rodata.cst4 …) whose types the kernel refuses. */
export function printLiteralTable({ literals }: LiteralTable): string[] {
  if (literals.length === 0) return [];
  const size = Math.max(2, powerOfTwo(literals.length));
  return [
    '#include <rampart/literal.h>',
    `static const struct literal literals[${size}] = {`,
    ...literals.map(literal => `\t${printLiteral(literal)},`),
    '};',
    '#include <rampart/search.h>',
  ];
}

function printLiteral({ bytes, rarest }: Literal): string {
  const behind = new Array<number>(LITERAL_BYTES - bytes.length).fill(0);
  const values = [...bytes.map(({ value }) => value), ...behind];
  const masks = [...bytes.map(({ mask }) => mask), ...behind];
  return `{ { ${values.join(', ')} }, { ${masks.join(', ')} }, ${bytes.length}, ${rarest.join(', ')} }`;
}
