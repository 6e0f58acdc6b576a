// A classifier in force whose pins are gone: it filters on, as the nft rule holds its program, but its counters cannot be
// read.

import { CLASSIFIERS } from './place';

export class MissingInstanceError extends Error {
  override readonly name = 'MissingInstanceError';
  readonly code = 'reconcile.missing-instance';
  readonly cure = `find what removes files below ${CLASSIFIERS}, stop it, and apply the policy again`;

  constructor(directory: string, cause: unknown) {
    super(`the counters of the rules cannot be read: pins of ${directory} were removed`, { cause });
  }
}
