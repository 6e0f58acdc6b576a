// What the API asks: the agent how accounts stand, and what is desired of them.

import type { Logger } from 'pino';
import type { Agent } from '../agent/agent';
import type { DesiredAccounts } from '../desired/folder';

export interface Services {
  readonly agent: Agent;
  readonly desired: DesiredAccounts;
  /** Of a document, in bytes. */
  readonly bodyLimit: number;
  readonly log: Logger;
}
