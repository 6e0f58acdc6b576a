// What a user is told when a namespace cannot be made, found, entered or set up: what failed, and the cure.

import { isNativeError, type NativeError } from '../native';

export interface NamespaceErrorDetail {
  /** Symbolic errno, such as 'ENOENT'. */
  readonly code: string;
  /** The namespace, or the setting in it. */
  readonly object: string;
  readonly cure: string;
}

export class NamespaceError extends Error {
  override readonly name = 'NamespaceError';
  readonly code: string;
  readonly object: string;
  readonly cure: string;

  constructor(message: string, { code, object, cure }: NamespaceErrorDetail, cause?: unknown) {
    super(`${message}: ${cure}`, { cause });
    this.code = code;
    this.object = object;
    this.cure = cure;
  }
}

/** The cure this operation knows for a failure; undefined leaves it to the general ones. */
export type Cure = (error: NativeError) => string | undefined;

/** Runs a call of the addon; `what` says it in words: 'create network namespace blue'. */
export function withCure<T>(what: string, object: string, cure: Cure, call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!isNativeError(error)) throw error;
    const detail = { code: error.code, object, cure: cure(error) ?? generalCure(error) };
    throw new NamespaceError(`cannot ${what}`, detail, error);
  }
}

function generalCure(error: NativeError): string {
  switch (error.code) {
    case 'EPERM':
    case 'EACCES':
      return `${error.syscall} ${error.object} needs ${neededCapability(error.syscall)}`;
    case 'EMFILE':
    case 'ENFILE':
      return 'no file descriptor is left; raise LimitNOFILE of the service, or fs.file-max';
    default:
      return error.message;
  }
}

/** Capabilities of setns(2), unshare(2), mount(2) and umount2(2); of packet sockets; of the settings. */
function neededCapability(syscall: string): string {
  if (/^(setns|unshare|mount|umount2)/.test(syscall)) return 'CAP_SYS_ADMIN';
  return syscall === 'socket' ? 'CAP_NET_RAW' : 'CAP_NET_ADMIN';
}
