// One packet out of a diagram, as values of the variables that decide it; the rest may be as in any packet.

import type { PacketFamily } from '../packet/packet';
import { type Diagrams, type Edge, ONE } from './bdd';
import { levelOf, type Variable, variableAt } from './variable';

export interface Assignment {
  readonly family: PacketFamily;
  /** By level. */
  readonly decided: ReadonlyMap<number, boolean>;
  /** What the undecided variables are. */
  readonly usual: Usual;
}

/** It may depend on what has been decided of others. */
export type Usual = (variable: Variable, decided: (other: Variable) => boolean | undefined) => boolean;

/** `f` is not empty. Each variable is as usual wherever the packet then still lies in `f`. */
export function choose(d: Diagrams, f: Edge, family: PacketFamily, usual: Usual): Assignment {
  const decided = new Map<number, boolean>();
  const known = (other: Variable) => decided.get(levelOf(other, family));
  for (let edge = f; edge !== ONE; ) {
    const level = d.levelOf(edge);
    const wanted = usual(variableAt(level, family), known);
    // Every other edge leads on to ONE: only the constant does not.
    const possible = isEmpty(wanted ? d.high(edge) : d.low(edge)) ? !wanted : wanted;
    decided.set(level, possible);
    edge = possible ? d.high(edge) : d.low(edge);
  }
  return { family, decided, usual };
}

function isEmpty(edge: Edge): boolean {
  return edge === (ONE ^ 1);
}

export function bitOf({ family, decided, usual }: Assignment, variable: Variable): boolean {
  const known = (other: Variable) => decided.get(levelOf(other, family));
  return known(variable) ?? usual(variable, known);
}

/** Bits from the most significant one on. */
export function numberOf(assignment: Assignment, bits: readonly Variable[]): number {
  return bits.reduce((number, bit) => number * 2 + (bitOf(assignment, bit) ? 1 : 0), 0);
}
