// What tells whether the text of a document is the one that was put.

import { createHash } from 'node:crypto';

/** SHA-256 of it in UTF-8, hexadecimal. */
export function documentDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
