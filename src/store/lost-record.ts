// An account whose record cannot be read: that it is there is known, and nobody can tell what is desired of it.

import type { StoreError } from './store-error';

export interface LostRecord {
  readonly account: string;
  /** Names the file. */
  readonly error: StoreError;
}
