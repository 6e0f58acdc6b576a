// The rules and lists of one account, as its document gives them. Expressions are text, which the compiler reads.

import type { ListItem } from './list-item';
import type { ScalarText } from './policy-document';

export interface Policy {
  /** 1 to 64 of letters, digits, _ . : and -; the API's are 32 hexadecimal digits. */
  readonly account: string;
  /** By the name that expressions use after $. Entries stand as written: they may overlap. */
  readonly lists: ReadonlyMap<string, readonly ListItem[]>;
  /** In the order in which they are tried. */
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  /** 1-based. */
  readonly index: number;
  /** Unique within the policy: as given, or else the index as text. */
  readonly ref: string;
  readonly description: string;
  readonly expression: string;
  readonly expressionSource: ExpressionSource;
  /** skip ends the ruleset and lets the packet pass: `action_parameters: {ruleset: current}` is its only form. */
  readonly action: 'block' | 'skip' | 'log';
  readonly enabled: boolean;
}

/** Where the expression stands in the file; see placeInScalar. */
export interface ExpressionSource extends ScalarText {
  /** JSON pointer. */
  readonly path: string;
}
