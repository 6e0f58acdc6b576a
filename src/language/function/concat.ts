// concat(first, more…) → the first one's type: Bytes or arrays, joined. Missing arguments are skipped; with all of them
// missing the result is missing too.

import { invariant } from '../../diagnostic/invariant';
import { BYTES } from '../type';
import { arrayValue, type Value } from '../value';
import type { FunctionDefinition } from './definition';

export const CONCAT: FunctionDefinition = {
  signature: { name: 'concat', parameters: [], returns: BYTES, variadicOfFirst: true },
  execute: values => {
    const present = values.filter(value => value !== undefined);
    if (present.length === 0) return undefined;
    return present[0] instanceof Uint8Array ? joinBytes(present) : joinArrays(present);
  },
};

function joinBytes(values: readonly Value[]): Uint8Array {
  return Buffer.concat(values.filter(value => value instanceof Uint8Array));
}

function joinArrays(values: readonly Value[]): Value {
  return arrayValue(
    values.flatMap(value => {
      invariant(typeof value === 'object' && 'items' in value, 'concat joins arrays with arrays');
      return value.items;
    }),
  );
}
