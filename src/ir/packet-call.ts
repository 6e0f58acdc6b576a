// A call of one of the packet scheme's functions, its literal arguments read.

import { defect, invariant } from '../diagnostic/invariant';
import type { Call } from '../language/typed-ast';

export type PacketCall =
  | { readonly kind: 'starts_with'; readonly prefix: Uint8Array }
  | { readonly kind: 'ends_with'; readonly suffix: Uint8Array }
  | { readonly kind: 'len' }
  /** Bits start..end (exclusive) counted from the first bit of the bytes. */
  | { readonly kind: 'bit_slice'; readonly start: number; readonly end: number };

export function readCall({ function: { name }, arguments: [, ...literals] }: Call): PacketCall {
  switch (name) {
    case 'starts_with':
      return { kind: name, prefix: bytesLiteral(literals[0]) };
    case 'ends_with':
      return { kind: name, suffix: bytesLiteral(literals[0]) };
    case 'len':
      return { kind: name };
    case 'bit_slice':
      return { kind: name, start: intLiteral(literals[0]), end: intLiteral(literals[1]) };
    default:
      return defect(`the packet scheme has a function ${name} that lower() does not know`);
  }
}

function bytesLiteral(argument: Call['arguments'][number] | undefined): Uint8Array {
  invariant(argument?.kind === 'bytes', 'the argument is a literal of bytes');
  return argument.value;
}

function intLiteral(argument: Call['arguments'][number] | undefined): number {
  invariant(argument?.kind === 'int', 'the argument is a literal integer');
  return Number(argument.value);
}
