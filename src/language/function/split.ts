// split(Bytes, literal Bytes) → Array<Bytes>: the parts between separators; an empty separator separates nothing.

import { arrayOf, BYTES } from '../type';
import { arrayValue } from '../value';
import { bytesArgument, type FunctionDefinition } from './definition';

export const SPLIT: FunctionDefinition = {
  signature: {
    name: 'split',
    parameters: [
      { kind: 'Field', type: BYTES },
      { kind: 'Literal', type: BYTES },
    ],
    returns: arrayOf(BYTES),
  },
  execute: ([text, separator]) => {
    const bytes = bytesArgument(text);
    const between = bytesArgument(separator);
    return bytes && between && arrayValue(parts(Buffer.from(bytes), between));
  },
};

function parts(text: Buffer, separator: Uint8Array): Uint8Array[] {
  if (separator.length === 0) return [text];
  const found: Uint8Array[] = [];
  let from = 0;
  for (;;) {
    const next = text.indexOf(separator, from);
    if (next < 0) break;
    found.push(text.subarray(from, next));
    from = next + separator.length;
  }
  found.push(text.subarray(from));
  return found;
}
