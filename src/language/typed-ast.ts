// What check() makes of the AST: every name resolved, every literal read by the type of its left side. The evaluator
// over any scheme, the JSON form and the lowering to packets all start here.

import type { Span } from '../diagnostic/span';
import type { Address } from '../net/address';
import type { Field, FunctionSignature } from './scheme';
import type { Type } from './type';

export type TypedExpression = Comparison | Truth | Not | Logical | Quantifier;

/** A comparison; over a `[*]` its type is Array<Bool>. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly left: TypedValue;
  readonly test: TypedTest;
  readonly type: Type;
  readonly span: Span;
}

/** A value that stands alone as a condition. */
export interface Truth {
  readonly kind: 'truth';
  readonly left: TypedValue;
  readonly type: Type;
  readonly span: Span;
}

export interface Not {
  readonly kind: 'not';
  readonly operand: TypedExpression;
  readonly type: Type;
  readonly span: Span;
}

/** Runs of one operator are one node; parentheses keep them apart. */
export interface Logical {
  readonly kind: 'and' | 'or' | 'xor';
  readonly operands: readonly TypedExpression[];
  readonly type: Type;
  readonly span: Span;
}

export interface Quantifier {
  readonly kind: 'any' | 'all';
  /** A bare value and a formula differ where the value is missing (reference 2.4). */
  readonly operand: TypedValue | TypedExpression;
  readonly type: Type;
  readonly span: Span;
}

export type OrderingOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export type TypedTest =
  | { readonly kind: 'order'; readonly operator: OrderingOperator; readonly right: Literal }
  | { readonly kind: 'bitwise_and'; readonly mask: bigint }
  | { readonly kind: 'contains'; readonly right: BytesLiteral }
  | { readonly kind: 'matches'; readonly pattern: string }
  | { readonly kind: 'wildcard'; readonly strict: boolean; readonly pattern: BytesLiteral }
  | { readonly kind: 'in_ints'; readonly items: readonly IntItem[] }
  | { readonly kind: 'in_addresses'; readonly items: readonly AddressItem[] }
  | { readonly kind: 'in_bytes'; readonly items: readonly BytesLiteral[] }
  | { readonly kind: 'in_list'; readonly list: string; readonly span: Span };

export type Literal = IntLiteral | AddressLiteral | BytesLiteral;

export interface IntLiteral {
  readonly kind: 'int';
  readonly value: bigint;
  readonly span: Span;
}

export interface AddressLiteral {
  readonly kind: 'address';
  readonly value: Address;
  readonly span: Span;
}

export interface BytesLiteral {
  readonly kind: 'bytes';
  readonly value: Uint8Array;
  /** Byte strings (61:62) print as arrays in the JSON form. */
  readonly form: 'quoted' | 'raw' | 'byte_string';
  readonly span: Span;
}

export interface IntItem {
  readonly from: bigint;
  readonly to: bigint;
  readonly span: Span;
}

/** `prefix` is undefined for `a..b`; a single address is a prefix of 32 or 128 bits. */
export interface AddressItem {
  readonly from: Address;
  readonly to: Address;
  readonly prefix: number | undefined;
  readonly span: Span;
}

export interface TypedValue {
  readonly kind: 'value';
  readonly base: FieldReference | Call;
  readonly path: readonly IndexStep[];
  /** The type after the path; with a `[*]` on the way, of one element. */
  readonly type: Type;
  /** Whether a `[*]` lies on the path; one in the first argument of a call makes the call an array instead. */
  readonly each: boolean;
  readonly span: Span;
}

export interface FieldReference {
  readonly kind: 'field';
  readonly field: Field;
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly function: FunctionSignature;
  readonly arguments: readonly TypedArgument[];
  readonly type: Type;
  readonly span: Span;
}

export type TypedArgument = TypedValue | Literal | TypedExpression;

export type IndexStep =
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'each' };
