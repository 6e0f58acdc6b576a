// upper(Bytes) → Bytes: ASCII letters only, every other byte as it is.

import { BYTES } from '../type';
import { bytesArgument, type FunctionDefinition } from './definition';

export const UPPER: FunctionDefinition = {
  signature: { name: 'upper', parameters: [{ kind: 'Field', type: BYTES }], returns: BYTES },
  execute: ([text]) => bytesArgument(text)?.map(byte => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte)),
};
