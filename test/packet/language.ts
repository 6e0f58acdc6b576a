// What execute() needs besides field values to judge packets as the packet scheme's language does.

import type { Context } from '../../src/language/execute/context';
import { PACKET_FUNCTIONS } from '../../src/language/field/packet-scheme';
import type { Value } from '../../src/language/value';
import { ADDRESS_LISTS } from './rules';

export const LANGUAGE: Omit<Context, 'fields'> = { functions: PACKET_FUNCTIONS, inList, nilNotEqual: true };

function inList(_: unknown, name: string, value: Value): boolean {
  if (typeof value !== 'object' || !('family' in value)) return false;
  const items = ADDRESS_LISTS.get(name) ?? [];
  return items.some(({ family, from, to }) => family === value.family && value.value >= from && value.value <= to);
}
