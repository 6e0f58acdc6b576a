// One agent at a time has a realm: two that know different accounts would each sweep what is the other's. Agents whose hosts
// are different network namespaces do not see each other's links.

import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSettings } from '../agent/agent-settings';
import { lockFile } from '../file-lock';
import { namespacePath } from '../netns/namespace';

/** Not below --data: it is the machine's. */
const DIRECTORY = '/run/rampart';

export class RealmTakenError extends Error {
  override readonly name = 'RealmTakenError';
  readonly code = 'daemon.realm-taken';
  readonly cure = 'stop that process, or name another realm with --realm';

  constructor(realm: string, holder: string) {
    super(`realm ${realm} is kept by process ${holder}`);
  }
}

export interface RealmLock {
  /** Calling twice is harmless. */
  release(): void;
}

/** Throws RealmTakenError. */
export function lockRealm({ realm, host }: Pick<AgentSettings, 'realm' | 'host'>): RealmLock {
  mkdirSync(DIRECTORY, { recursive: true, mode: 0o755 });
  const namespace = host.namespace === undefined ? '/proc/self/ns/net' : namespacePath(host.namespace);
  // No two namespaces have the same inode at the same time.
  const path = join(DIRECTORY, `${realm}.${statSync(namespace).ino}.lock`);
  const lock = lockFile(path);
  if (lock.kind === 'taken') throw new RealmTakenError(realm, lock.holder);
  let held = true;
  return {
    release() {
      // Before it is given up: afterwards it may be another's.
      if (held) rmSync(path, { force: true });
      held = false;
      lock.release();
    },
  };
}
