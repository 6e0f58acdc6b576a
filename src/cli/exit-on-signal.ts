// A signal becomes an ordinary exit, so that what listens for 'exit' can remove its scratch namespaces and pins. A command
// that has something of its own to end takes the signals over.

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type ExitSignal = (typeof SIGNALS)[number];

const takenOver = new Map<ExitSignal, () => void>();

/** The listeners stay for good: a signal that arrives while one takes another's place would be lost. */
export function exitOnSignal(): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const then = takenOver.get(signal) ?? (() => process.exit(128 + constants.signals[signal]));
      takenOver.delete(signal);
      then();
    });
  }
}

/** From now on. The next signal of that kind after the first one ends the process at once. */
export function takeOverSignal(signal: ExitSignal, then: () => void): void {
  takenOver.set(signal, then);
}
