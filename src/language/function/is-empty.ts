// is_empty(Bytes) → Bool

import { BOOL, BYTES } from '../type';
import { bytesArgument, type FunctionDefinition } from './definition';

export const IS_EMPTY: FunctionDefinition = {
  signature: { name: 'is_empty', parameters: [{ kind: 'Field', type: BYTES }], returns: BOOL },
  execute: ([text]) => {
    const bytes = bytesArgument(text);
    return bytes && bytes.length === 0;
  },
};
