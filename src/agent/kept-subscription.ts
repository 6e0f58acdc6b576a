// A subscription that is opened again whenever it ends or cannot be opened (no descriptor is left). Whoever listens is told of
// the gap, in which anything may have happened.

import type { Subscription } from '../netlink/subscription';

export interface KeptSubscription {
  /** Calling twice is harmless. */
  close(): void;
}

export function keepSubscribed(open: () => Subscription, retryEvery: number, onGap: () => void): KeptSubscription {
  let subscription: Subscription | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;
  const again = () => {
    if (isClosed) return;
    retry = setTimeout(() => {
      begin();
      onGap();
    }, retryEvery);
  };
  const begin = () => {
    try {
      subscription = open();
      subscription.ended.then(again, again);
    } catch {
      // The periodic look at every account finds what this would have told.
      again();
    }
  };
  begin();
  return {
    close() {
      isClosed = true;
      clearTimeout(retry);
      subscription?.close();
    },
  };
}
