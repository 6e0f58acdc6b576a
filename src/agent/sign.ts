// Signs that others may have changed something of an account.

import type { Author } from './account-status';

export type Sign =
  /** A transaction of somebody else touched our tables. */
  | { readonly kind: 'foreign_commit'; readonly by: Author | undefined }
  /** A link, an address or a route has changed. */
  | { readonly kind: 'foreign_change' }
  /** Events were dropped: anything may have happened. */
  | { readonly kind: 'lost' }
  /** The same, and no more events will come. */
  | { readonly kind: 'deaf' };
