// The untyped syntax: what parse() makes of a text before any name is looked up. Literals keep their spelling; which
// value it stands for depends on the type of the left side and is read by check().

import type { Span } from '../diagnostic/span';

export interface Expression {
  readonly source: string;
  /** The source without the white space around it. */
  readonly extent: Span;
  readonly root: Formula;
}

export type Formula = Truth | Comparison | Not | Logical | Quantifier;

/** A value that stands alone as a condition. */
export interface Truth {
  readonly kind: 'truth';
  readonly value: Value;
  readonly span: Span;
}

export interface Comparison {
  readonly kind: 'comparison';
  readonly left: Value;
  readonly test: Test;
  readonly span: Span;
}

export interface Not {
  readonly kind: 'not';
  readonly operand: Formula;
  readonly span: Span;
}

export type LogicalOperator = 'and' | 'xor' | 'or';

/** A run of one operator; brackets leave no node but keep runs apart. */
export interface Logical {
  readonly kind: LogicalOperator;
  readonly operands: readonly Formula[];
  readonly span: Span;
}

export interface Quantifier {
  readonly kind: 'any' | 'all';
  readonly argument: Argument;
  readonly span: Span;
}

/** Wirefilter's operators by one name each; operator-spelling.ts has the words and signs. */
export type OrderingOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
export type LiteralOperator =
  | OrderingOperator
  | 'bitwise_and'
  | 'contains'
  | 'matches'
  | 'wildcard'
  | 'strict wildcard';

export type Test = LiteralTest | SetTest | ListTest;

export interface LiteralTest {
  readonly kind: 'literal';
  readonly operator: LiteralOperator;
  readonly right: LiteralText;
  readonly operatorSpan: Span;
}

export interface SetTest {
  readonly kind: 'set';
  readonly items: readonly LiteralText[];
  readonly operatorSpan: Span;
}

export interface ListTest {
  readonly kind: 'list';
  /** Without the `$`. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly operatorSpan: Span;
}

export interface LiteralText {
  readonly kind: 'literal';
  /** A chunk is an unquoted run such as 80, 1..5, 10.0.0.0/8 or 61:62. */
  readonly form: 'quoted' | 'raw' | 'chunk';
  /** As spelled, quotes included. */
  readonly text: string;
  readonly span: Span;
}

export interface Value {
  readonly kind: 'value';
  readonly base: Name | Call;
  readonly path: readonly Step[];
  readonly span: Span;
}

export interface Name {
  readonly kind: 'name';
  readonly name: string;
  /** An argument such as 10 or ab.cd: a literal unless the scheme knows the name. */
  readonly perhapsLiteral: boolean;
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly arguments: readonly Argument[];
  /** Both brackets included. */
  readonly argumentsSpan: Span;
  readonly span: Span;
}

export type Argument = Value | LiteralText | FormulaArgument;

/** A formula in an argument's place: `(marks)` is one, `marks` is a value (they differ where the value is missing). */
export interface FormulaArgument {
  readonly kind: 'formula';
  readonly formula: Formula;
  readonly span: Span;
}

export interface Step {
  readonly kind: 'each' | 'quoted' | 'chunk';
  /** As spelled, with its quotes: "*", "\"key\"", "0x10". */
  readonly text: string;
  readonly textSpan: Span;
  /** From the opening to the closing bracket. */
  readonly span: Span;
}
