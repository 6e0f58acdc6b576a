// Whether a test holds wherever another one does, as far as the two read the same number.

import { isSubset } from '../net/interval-set';
import type { Test } from './formula';
import { readKey } from './rewrite/merge-tests';

export function implies(proof: Test, test: Test): boolean {
  return readKey(proof) === readKey(test) && isSubset(proof.values, test.values);
}
