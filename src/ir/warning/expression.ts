// What a warning is found in: an expression that holds, with its formulas.

import type { TypedExpression } from '../../language/typed-ast';
import type { Lists } from '../address';
import type { FormulaByFamily } from '../formula';
import type { Condition } from './condition';
import type { Denial } from './denial';

export interface LoweredExpression {
  readonly source: string;
  readonly expression: TypedExpression;
  /** Optimised. */
  readonly formula: FormulaByFamily;
  /** undefined: any list may be named, and what is in it is not known. */
  readonly lists: Lists | undefined;
}

/** With what most warnings are about. */
export interface ExaminedExpression extends LoweredExpression {
  readonly conditions: readonly Condition[];
  readonly denials: readonly Denial[];
}
