// The agent's events as lines of its log: one event, one line, the account in a field of its own.

import type { Logger } from 'pino';
import type { AgentEvent } from './agent-event';

export function logEvent(log: Logger, event: AgentEvent): void {
  const { kind, ...fields } = event;
  log[LEVELS[kind]]({ event: kind, ...fields }, SENTENCES[kind]);
}

const LEVELS = {
  in_force: 'info',
  failed: 'error',
  repaired: 'warn',
  rebuilt: 'warn',
  events_lost: 'warn',
  removed: 'info',
  swept: 'info',
  sweep_put_off: 'warn',
} as const satisfies Record<AgentEvent['kind'], string>;

const SENTENCES = {
  in_force: 'the account is as desired',
  failed: 'the account could not be brought to what is desired',
  repaired: 'others had changed the account; it is as desired again',
  rebuilt: 'a fresh generation of tables took the place of the old one',
  events_lost: 'the kernel dropped events; everything of the account is read again',
  removed: 'the account is removed',
  swept: 'objects of an account that nobody wants are removed',
  sweep_put_off: 'not everything could be read, so nothing was swept',
} as const satisfies Record<AgentEvent['kind'], string>;
