// The one packet field that a value is made of: itself, or what its functions are called with.

import { invariant } from '../../diagnostic/invariant';
import type { TypedValue } from '../typed-ast';
import type { PacketField } from './packet-field';
import { packetField } from './packet-scheme';

export function subject(value: TypedValue): PacketField {
  if (value.base.kind === 'field') return packetField(value.base.field.name);
  const first = value.base.arguments[0];
  invariant(first?.kind === 'value', 'the first argument of a packet function is a field');
  return subject(first);
}
