// substring(Bytes, start Int, end Int?) → Bytes: from start up to, not including, end; negative positions count from
// the end; positions outside are cut to the text.

import { BYTES, INT } from '../type';
import { bytesArgument, type FunctionDefinition, intArgument } from './definition';

export const SUBSTRING: FunctionDefinition = {
  signature: {
    name: 'substring',
    parameters: [
      { kind: 'Field', type: BYTES },
      { kind: 'Both', type: INT },
      { kind: 'Both', type: INT, optional: true },
    ],
    returns: BYTES,
  },
  execute: values => {
    const bytes = bytesArgument(values[0]);
    const start = intArgument(values[1]);
    const end = values.length > 2 ? intArgument(values[2]) : BigInt(bytes?.length ?? 0);
    if (bytes === undefined || start === undefined || end === undefined) return undefined;
    return bytes.slice(position(start, bytes.length), position(end, bytes.length));
  },
};

function position(asked: bigint, length: number): number {
  const fromStart = asked < 0n ? asked + BigInt(length) : asked;
  if (fromStart < 0n) return 0;
  return fromStart > BigInt(length) ? length : Number(fromStart);
}
