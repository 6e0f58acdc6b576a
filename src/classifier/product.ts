// A formula as alternatives, each a conjunction of literals: sets of a dimension's numbers, absence among them or not, so
// that negation is complement and nothing is lost of absent bytes. What is no literal, or would take too many
// alternatives, stays a formula beside them, to be asked of the packet itself.

import { and, type Formula, not, type Test } from '../ir/formula';
import { complement, type IntervalSet, intersect, isUniverse, union } from '../net/interval-set';
import { type Subject, type SubjectKey, subjectKey, subjectValues, type Unmasked } from './subject';

export interface Product {
  /** At most one for each dimension. */
  readonly literals: readonly Literal[];
  /** All of them have to hold besides. */
  readonly opaque: readonly Formula[];
}

export interface Literal {
  readonly dimension: number;
  readonly values: IntervalSet;
  /** Whether it holds of packets that do not have the bytes. */
  readonly absent: boolean;
}

export interface Space {
  readonly dimensions: ReadonlyMap<SubjectKey, number>;
  readonly subjects: readonly Subject[];
  /** Alternatives of one formula. */
  readonly mostProducts: number;
  readonly unmasked: Unmasked;
  /** Of sets of several intervals, in numbers of the same bits: sets of flags again. */
  readonly complements: Map<IntervalSet, IntervalSet>;
  /** What sets of several intervals have in common: the same few sets of flags meet in many rules. */
  readonly met: Map<IntervalSet, Map<IntervalSet, IntervalSet>>;
}

const ALWAYS: Product = { literals: [], opaque: [] };
/** An exclusive or of more operands has more alternatives than it is worth. */
const MOST_XOR_OPERANDS = 4;

/** Empty where the formula never holds. */
export function productsOf(formula: Formula, space: Space): readonly Product[] {
  return expand(formula, false, space);
}

function expand(formula: Formula, negated: boolean, space: Space): readonly Product[] {
  switch (formula.kind) {
    case 'constant':
      return formula.value === negated ? [] : [ALWAYS];
    case 'test': {
      const literal = literalOf(formula, negated, space);
      if (literal === undefined) return [opaque(formula, negated)];
      return isEmpty(literal) ? [] : [{ literals: [literal], opaque: [] }];
    }
    case 'scan':
      return [opaque(formula, negated)];
    case 'not':
      return expand(formula.operand, !negated, space);
    case 'and':
    case 'or':
      return (formula.kind === 'and') === negated
        ? disjunction(formula, formula.operands, negated, space)
        : conjunction(formula.operands, negated, space);
    case 'xor':
      return exclusive(formula, formula.operands, negated, space);
  }
}

function literalOf(
  test: Test,
  negated: boolean,
  { dimensions, subjects, unmasked, complements }: Space,
): Literal | undefined {
  const dimension = dimensions.get(subjectKey(test));
  if (dimension === undefined) return undefined;
  const values = subjectValues(test, unmasked);
  if (!negated) return { dimension, values, absent: false };
  const complemented = complements.get(values) ?? complement(values, (subjects[dimension] as Subject).bits);
  // What is one interval is nearly always a set of its own, and soon complemented.
  if (values.length > 1) complements.set(values, complemented);
  return { dimension, values: complemented, absent: true };
}

function opaque(formula: Formula, negated: boolean): Product {
  return { literals: [], opaque: [negated ? not(formula) : formula] };
}

function isEmpty({ values, absent }: Literal): boolean {
  return values.length === 0 && !absent;
}

function conjunction(operands: readonly Formula[], negated: boolean, space: Space): readonly Product[] {
  return conjunctionOfTests(operands, negated, space) ?? conjunctionOfAny(operands, negated, space);
}

/** What nearly every rule is: tests that dimensions can say, and that some number meets. */
function conjunctionOfTests(
  operands: readonly Formula[],
  negated: boolean,
  space: Space,
): readonly Product[] | undefined {
  const literals: Literal[] = [];
  for (const operand of operands) {
    const literal = operand.kind === 'test' ? literalOf(operand, negated, space) : undefined;
    if (literal === undefined || !meet(literals, literal, space)) return undefined;
  }
  return [{ literals, opaque: [] }];
}

/** Adds a literal to others; false where no packet can have it and them. */
function meet(literals: Literal[], literal: Literal, space: Space): boolean {
  let at = 0;
  while (at < literals.length && (literals[at] as Literal).dimension !== literal.dimension) at++;
  const met = at === literals.length ? literal : common(literals[at] as Literal, literal, space);
  literals[at] = met;
  return !isEmpty(met);
}

function conjunctionOfAny(operands: readonly Formula[], negated: boolean, space: Space): readonly Product[] {
  const parts = operands.map(operand => expand(operand, negated, space));
  const count = () => parts.reduce((product, part) => product * part.length, 1);
  while (count() > space.mostProducts) {
    const largest = parts.reduce((most, part, index) => (part.length > (parts[most]?.length ?? 0) ? index : most), 0);
    parts[largest] = [opaque(operands[largest] as Formula, negated)];
  }
  return parts.reduce((left, right) => multiply(left, right, space));
}

function multiply(left: readonly Product[], right: readonly Product[], space: Space): readonly Product[] {
  return left.flatMap(a => right.flatMap(b => both(a, b, space) ?? []));
}

/** undefined where no packet can have both. */
function both(a: Product, b: Product, space: Space): Product | undefined {
  const literals = [...a.literals];
  if (!b.literals.every(literal => meet(literals, literal, space))) return undefined;
  return { literals, opaque: b.opaque.length === 0 ? a.opaque : [...a.opaque, ...b.opaque] };
}

function common(a: Literal, b: Literal, { met }: Space): Literal {
  const known = met.get(a.values)?.get(b.values);
  const values = known ?? intersect(a.values, b.values);
  if (known === undefined && a.values.length > 1 && b.values.length > 1) {
    met.set(a.values, (met.get(a.values) ?? new Map()).set(b.values, values));
  }
  return { dimension: a.dimension, values, absent: a.absent && b.absent };
}

function disjunction(whole: Formula, operands: readonly Formula[], negated: boolean, space: Space): readonly Product[] {
  const united = unite(
    operands.flatMap(operand => expand(operand, negated, space)),
    space,
  );
  return united.length > space.mostProducts ? [opaque(whole, negated)] : united;
}

/** Alternatives that are one literal of the same dimension are one alternative. */
function unite(products: readonly Product[], { subjects }: Space): readonly Product[] {
  const single = new Map<number, Literal>();
  const others: Product[] = [];
  for (const product of products) {
    const [literal, second] = product.literals;
    if (literal === undefined || second !== undefined || product.opaque.length > 0) {
      others.push(product);
      continue;
    }
    const known = single.get(literal.dimension);
    single.set(literal.dimension, known === undefined ? literal : either(known, literal));
  }
  const literals = [...single.values()];
  const always = ({ dimension, values, absent }: Literal) =>
    absent && isUniverse(values, (subjects[dimension] as Subject).bits);
  if (literals.some(always) || others.includes(ALWAYS)) return [ALWAYS];
  return [...literals.map(literal => ({ literals: [literal], opaque: [] })), ...others];
}

function either(a: Literal, b: Literal): Literal {
  return { dimension: a.dimension, values: union(a.values, b.values), absent: a.absent || b.absent };
}

/** One operand holds and not the other, or the other and not the one. Each is expanded twice, so none may have another. */
function exclusive(whole: Formula, operands: readonly Formula[], negated: boolean, space: Space): readonly Product[] {
  if (operands.length > MOST_XOR_OPERANDS || operands.some(hasExclusive)) return [opaque(whole, negated)];
  let odd: readonly Product[] = [];
  let even: readonly Product[] = [ALWAYS];
  for (const operand of operands) {
    const holds = expand(operand, false, space);
    const fails = expand(operand, true, space);
    [odd, even] = [
      [...multiply(even, holds, space), ...multiply(odd, fails, space)],
      [...multiply(odd, holds, space), ...multiply(even, fails, space)],
    ];
    if (Math.max(odd.length, even.length) > space.mostProducts) return [opaque(whole, negated)];
  }
  return negated ? even : odd;
}

function hasExclusive(formula: Formula): boolean {
  if (formula.kind === 'not') return hasExclusive(formula.operand);
  return formula.kind === 'xor' || ('operands' in formula && formula.operands.some(hasExclusive));
}

/** What the packet itself is asked, where something is opaque. */
export function opaqueTest({ opaque }: Product): Formula | undefined {
  return opaque.length === 0 ? undefined : and(opaque);
}
