// What an agent that runs as a program is told at its start.

import type { AgentSettings } from '../agent/agent-settings';
import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { CompileOptions } from '../compile';

export interface DaemonSettings {
  /** Of the store. */
  readonly data: string;
  /** Path of the unix socket that the API listens on. */
  readonly socket: string;
  /** A folder of documents, ACCOUNT.yaml each: then they are what is desired, and the API changes nothing. */
  readonly accounts?: string;
  readonly agent: AgentSettings;
  readonly compile: CompileOptions;
  readonly cache: ObjectCache;
  readonly keptVersions: number;
  /** Of a request's body, in bytes. */
  readonly bodyLimit: number;
}

export const DEFAULT_DATA = '/var/lib/rampart';
export const DEFAULT_SOCKET = '/run/rampart/agent.sock';
export const DEFAULT_KEPT_VERSIONS = 50;
