// The only file that loads the addon. What it declares is what native/ gives: sockets, namespaces, mounts and BPF
// objects of the kernel, nothing of firewalls. Every failure is a NativeError with errno, system call and object.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Thrown (or rejected with) by every call below. */
export interface NativeError extends Error {
  /** Symbolic, such as 'ENOENT'. */
  readonly code: string;
  /** Positive. */
  readonly errno: number;
  /** Such as 'setns', 'bpf(BPF_PROG_LOAD)'. */
  readonly syscall: string;
  /** What the call was about: a path, a name, a device. */
  readonly object: string;
  /** BPF loads only: what the verifier said. */
  readonly verifierLog?: string;
}
