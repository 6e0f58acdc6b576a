// lower(Bytes) → Bytes: ASCII letters only, every other byte as it is.

import { BYTES } from '../type';
import { bytesArgument, type FunctionDefinition } from './definition';

export const LOWER: FunctionDefinition = {
  signature: { name: 'lower', parameters: [{ kind: 'Field', type: BYTES }], returns: BYTES },
  execute: ([text]) => bytesArgument(text)?.map(byte => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)),
};
