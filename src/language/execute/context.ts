// What an expression runs against: values of fields, functions, lists, and how `ne` treats a missing value.

import type { FunctionDefinition } from '../function/definition';
import type { Type } from '../type';
import type { Value } from '../value';

export interface Context {
  /** An optional field may be left out. */
  readonly fields: ReadonlyMap<string, Value>;
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  /** Whether a list of this type holds the value; false for a list that does not exist. */
  readonly inList: (type: Type, name: string, value: Value) => boolean;
  /** Wirefilter's default is true: `ne` holds of a missing value. */
  readonly nilNotEqual: boolean;
}

/** A mandatory field had no value when it was needed: a mistake of whoever filled the context. */
export class MissingFieldError extends Error {
  override readonly name = 'MissingFieldError';
  readonly code = 'RAMPART_MISSING_FIELD';
  constructor(readonly field: string) {
    super(`the mandatory field ${field} has no value: give it one, or declare it optional`);
  }
}
