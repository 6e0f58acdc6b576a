// Pinning what another process may be pinning, or sweeping away, at the same time.

import { pin } from '../ebpf/bpffs';
import type { BpfMap, BpfProgram } from '../native';

/** For paths that only ever one thing is pinned at: one that is there already is the same. */
export function pinOnce(object: BpfProgram | BpfMap, path: string, attempts = 10): void {
  try {
    pin(object, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // ENOENT: another process's sweep took the empty directory away after it had been made.
    if (code === 'ENOENT' && attempts > 1) pinOnce(object, path, attempts - 1);
    else if (code !== 'EEXIST') throw error;
  }
}
