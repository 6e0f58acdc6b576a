// What happens to what is desired, without anybody having asked for it just then.

import type { ErrorReport } from '../report/error-report';

export type DesiredEvent =
  /** Nobody confirmed `version` in time. `to` absent: the account was new, and goes. */
  | { readonly kind: 'rolled_back'; readonly account: string; readonly version: number; readonly to?: number }
  /** The disk refuses what was to follow. Of a rollback the kernel has the old version, and it is written again and again. */
  | { readonly kind: 'not_stored'; readonly account: string; readonly error: ErrorReport };
