// Conditions on a field whose values are known before any packet comes, asked of one of them.

import { execute } from '../execute/execute';
import type { Comparison, Truth } from '../typed-ast';
import type { Value } from '../value';
import { PACKET_FUNCTIONS } from './packet-scheme';

/** The condition may be on the field itself or on functions of it, and on no other field. */
export function holdsOf(condition: Comparison | Truth, field: string, value: Value): boolean {
  return execute(condition, {
    fields: new Map([[field, value]]),
    functions: PACKET_FUNCTIONS,
    inList: () => false,
    nilNotEqual: true,
  });
}
