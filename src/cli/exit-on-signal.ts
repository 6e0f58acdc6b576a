// A signal becomes an ordinary exit, so that what listens for 'exit' can remove its scratch namespaces and pins. A command
// that has something of its own to end takes the signals over.

import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type ExitSignal = (typeof SIGNALS)[number];

const listeners = new Map<ExitSignal, () => void>();

export function exitOnSignal(): void {
  for (const signal of SIGNALS) listen(signal, () => process.exit(128 + constants.signals[signal]));
}

/** From now on. The next signal of that kind after the first one ends the process at once. */
export function takeOverSignal(signal: ExitSignal, then: () => void): void {
  const before = listeners.get(signal);
  if (before !== undefined) process.removeListener(signal, before);
  listen(signal, () => {
    listen(signal, () => process.exit(128 + constants.signals[signal]));
    then();
  });
}

function listen(signal: ExitSignal, listener: () => void): void {
  listeners.set(signal, listener);
  process.once(signal, listener);
}
