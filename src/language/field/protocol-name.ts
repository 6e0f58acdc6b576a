// Conditions on `ip.proto` asked of one name: the only field whose strings are all known beforehand.

import { execute } from '../execute/execute';
import type { Comparison, Truth } from '../typed-ast';
import { PACKET_FUNCTIONS } from './packet-scheme';

export function holdsOfName(condition: Comparison | Truth, name: string): boolean {
  return execute(condition, {
    fields: new Map([['ip.proto', Buffer.from(name)]]),
    functions: PACKET_FUNCTIONS,
    inList: () => false,
    nilNotEqual: true,
  });
}
