// What happens, as lines of the log: one event a line, with the account it is of.

import type { Logger } from 'pino';
import type { AgentEvent } from '../agent/agent-event';
import type { DesiredEvent } from '../desired/desired-event';

export function logEvent(log: Logger, { kind, ...event }: AgentEvent | DesiredEvent): void {
  switch (kind) {
    case 'failed':
    case 'not_stored':
    case 'sweep_put_off':
      log.error(event, WORDS[kind]);
      break;
    case 'repaired':
    case 'rebuilt':
    case 'events_lost':
    case 'rolled_back':
      log.warn(event, WORDS[kind]);
      break;
    default:
      log.info(event, WORDS[kind]);
  }
}

const WORDS: Readonly<Record<(AgentEvent | DesiredEvent)['kind'], string>> = {
  in_force: 'in force',
  failed: 'not in force; what was before still is',
  repaired: 'changed by others, and put right',
  rebuilt: 'built anew beside the old',
  rerouted: 'states of tunnels have changed, and routes with them',
  events_lost: 'the kernel dropped events; all is read again',
  removed: 'removed',
  swept: 'removed, as nobody wants it',
  sweep_put_off: 'nothing is swept, as not everything can be read',
  rolled_back: 'not confirmed in time; the version before comes back',
  not_stored: 'the store refuses; it is tried again, or after a restart',
};
