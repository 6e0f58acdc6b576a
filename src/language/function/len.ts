// len(Bytes) → Int: the number of bytes.

import { BYTES, INT } from '../type';
import { bytesArgument, type FunctionDefinition } from './definition';

export const LEN: FunctionDefinition = {
  signature: { name: 'len', parameters: [{ kind: 'Field', type: BYTES }], returns: INT },
  execute: ([text]) => {
    const bytes = bytesArgument(text);
    return bytes && BigInt(bytes.length);
  },
};
