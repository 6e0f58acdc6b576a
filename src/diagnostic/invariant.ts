// A broken invariant is our mistake and throws; bad input is the caller's and becomes a Diagnostic. Nothing catches this.

import { inspect } from 'node:util';

export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: boolean, broken: string): asserts condition {
  if (!condition) throw new InvariantError(`${broken}; this is a defect of rampart, not of its input`);
}

/** For the end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new InvariantError(`no case for ${inspect(value)}; this is a defect of rampart, not of its input`);
}

/** For a branch that earlier stages rule out. */
export function defect(broken: string): never {
  throw new InvariantError(`${broken}; this is a defect of rampart, not of its input`);
}
