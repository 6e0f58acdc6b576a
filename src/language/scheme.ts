// A scheme says which fields, functions and lists an expression may name. It is a value: the engine knows none of its
// own, the packet scheme is one of many (tests bring theirs).

import type { Type } from './type';

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** An optional field may be absent from what is judged; comparisons with an absent field are false, `ne` is true. */
  readonly optional: boolean;
}

export type ArgumentKind = 'Field' | 'Literal' | 'Both';

export interface Parameter {
  readonly kind: ArgumentKind;
  readonly type: Type;
  readonly optional?: boolean;
}

export interface FunctionSignature {
  readonly name: string;
  /** Mandatory parameters first, then optional ones. */
  readonly parameters: readonly Parameter[];
  readonly returns: Type;
  /**
   * concat only: at least two arguments, the first Bytes or an array, all later ones of exactly the first one's
   * type, which is also what it returns; `parameters` and `returns` are then not read.
   */
  readonly variadicOfFirst?: boolean;
  /** Refuses literal arguments that can never be right. Called after types are checked; undefined stands for a field. */
  readonly checkLiterals?: (literals: readonly (bigint | Uint8Array | undefined)[]) => BadLiteral | undefined;
}

export interface BadLiteral {
  /** Of the argument, from 0. */
  readonly index: number;
  /** What would be right: "the width is 1 to 32 bits". */
  readonly problem: string;
}

export interface Scheme {
  readonly fields: ReadonlyMap<string, Field>;
  readonly functions: ReadonlyMap<string, FunctionSignature>;
  /** The types for which `in $name` is defined; undefined `names` means that any name parses. */
  readonly lists: readonly { readonly type: Type; readonly names?: ReadonlySet<string> }[];
  /** What a misnomer stands for, in small letters: names, or whole conditions. Only for the cures of errors. */
  readonly otherSpellings?: ReadonlyMap<string, readonly string[]>;
  /** Wirefilter's default is true: `ne` holds of an absent field. */
  readonly nilNotEqual: boolean;
}
