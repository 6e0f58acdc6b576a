// A function of the language: how it may be called and what it does. One file per function; a scheme chooses which of
// them its expressions may call.

import type { FunctionSignature } from '../scheme';
import type { Value } from '../value';

export interface FunctionDefinition {
  readonly signature: FunctionSignature;
  /**
   * Arguments in order, undefined where a value is missing; optional ones that were not written are cut off. By
   * convention a missing first argument makes the result missing. Types are those of the signature: check() saw to it.
   */
  readonly execute: (values: readonly (Value | undefined)[]) => Value | undefined;
}

export function bytesArgument(value: Value | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined;
}

export function intArgument(value: Value | undefined): bigint | undefined {
  return typeof value === 'bigint' ? value : undefined;
}
