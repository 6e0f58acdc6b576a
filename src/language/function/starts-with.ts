// starts_with(Bytes, literal Bytes) → Bool

import { BOOL, BYTES } from '../type';
import { bytesArgument, type FunctionDefinition } from './definition';

export const STARTS_WITH: FunctionDefinition = {
  signature: {
    name: 'starts_with',
    parameters: [
      { kind: 'Field', type: BYTES },
      { kind: 'Literal', type: BYTES },
    ],
    returns: BOOL,
  },
  execute: ([text, prefix]) => {
    const bytes = bytesArgument(text);
    const wanted = bytesArgument(prefix);
    return bytes && wanted && Buffer.compare(bytes.subarray(0, wanted.length), wanted) === 0;
  },
};
