// What the accounts of one agent share.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { CompileOptions } from '../compile';
import type { InternetAnswers } from '../health/internet-answers';
import type { Host } from '../network/host';
import type { Names } from '../network/names';
import type { AgentEvent } from './agent-event';
import type { AgentSettings } from './agent-settings';
import type { Bound, Tenant } from './namespace-tenant';
import type { Turnstile } from './turnstile';

export interface Surroundings {
  readonly settings: AgentSettings;
  readonly names: Names;
  readonly host: Host;
  readonly answers: InternetAnswers;
  readonly options: CompileOptions;
  readonly cache: ObjectCache;
  readonly turnstile: Turnstile;
  /** Of the accounts that are bound to that namespace, the others. */
  readonly othersIn: (account: string, bound: Bound) => readonly Tenant[];
  readonly tell: (event: AgentEvent) => void;
}
