// What the API asks: the agent how accounts stand, and what is desired of them.

import type { Logger } from 'pino';
import type { Agent } from '../agent/agent';
import type { DesiredState } from '../desired/desired-state';

export interface Services {
  readonly agent: Agent;
  readonly desired: DesiredState;
  /** Of a document, in bytes. */
  readonly bodyLimit: number;
  readonly log: Logger;
}
