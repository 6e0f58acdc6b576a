// Settings of a daemon in the test's own process: all that it keeps lies below one folder.

import { join } from 'node:path';
import { type AgentSettings, DEFAULT_AGENT_SETTINGS } from '../../src/agent/agent-settings';
import { DEFAULT_OPTIONS } from '../../src/compile';
import type { DaemonSettings } from '../../src/daemon/daemon-settings';
import { TEST_CACHE } from '../kernel/object-cache';

/** `agent`: what is not the default; a realm of the test's own at least. */
export function settingsIn(
  folder: string,
  agent: Partial<AgentSettings> & Pick<AgentSettings, 'realm'>,
): DaemonSettings {
  return {
    data: join(folder, 'data'),
    socket: join(folder, 'agent.sock'),
    agent: { ...DEFAULT_AGENT_SETTINGS, ...agent },
    compile: DEFAULT_OPTIONS,
    cache: TEST_CACHE,
    keptVersions: 5,
    bodyLimit: 100_000,
  };
}
