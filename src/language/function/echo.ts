// echo(Bytes, literal Int = 10, literal Int = 1) → Bytes: its first argument; there to try optional parameters with.

import { BYTES, INT } from '../type';
import type { FunctionDefinition } from './definition';

export const ECHO: FunctionDefinition = {
  signature: {
    name: 'echo',
    parameters: [
      { kind: 'Field', type: BYTES },
      { kind: 'Literal', type: INT, optional: true },
      { kind: 'Literal', type: INT, optional: true },
    ],
    returns: BYTES,
  },
  execute: ([text]) => text,
};
