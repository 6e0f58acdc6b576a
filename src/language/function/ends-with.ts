// ends_with(Bytes, literal Bytes) → Bool

import { BOOL, BYTES } from '../type';
import { bytesArgument, type FunctionDefinition } from './definition';

export const ENDS_WITH: FunctionDefinition = {
  signature: {
    name: 'ends_with',
    parameters: [
      { kind: 'Field', type: BYTES },
      { kind: 'Literal', type: BYTES },
    ],
    returns: BOOL,
  },
  execute: ([text, suffix]) => {
    const bytes = bytesArgument(text);
    const wanted = bytesArgument(suffix);
    if (bytes === undefined || wanted === undefined) return undefined;
    return bytes.length >= wanted.length && Buffer.compare(bytes.subarray(bytes.length - wanted.length), wanted) === 0;
  },
};
