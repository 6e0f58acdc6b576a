// A signal becomes an ordinary exit, so that what listens for 'exit' can remove its scratch namespaces and pins.

import { constants } from 'node:os';

export function exitOnSignal(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
