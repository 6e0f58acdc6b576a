// What a user is told when the kernel refuses something of BPF: what failed, the cure, and the verifier's words.

import { isNativeError, type NativeError } from '../native';

export class BpfError extends Error {
  override readonly name = 'BpfError';
  /** Symbolic errno, such as 'EACCES'. */
  readonly code: string;
  /** A path, or the name of a program or map. */
  readonly object: string;
  readonly cure: string;
  /** What the verifier said, where it was asked. */
  readonly verifierLog: string | undefined;

  constructor(what: string, error: NativeError, cure: string) {
    super(`cannot ${what}: ${cure}`, { cause: error });
    this.code = error.code;
    this.object = error.object;
    this.cure = cure;
    this.verifierLog = error.verifierLog;
  }
}

/** The cure this operation knows for a failure; undefined leaves it to the general ones. */
export type Cure = (error: NativeError) => string | undefined;

/** Runs a call of the addon; `what` says it in words: 'pin a program at PATH'. */
export function withCure<T>(what: string, cure: Cure, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw asBpfError(what, error, cure);
  }
}

/** As withCure, for a call that answers later. */
export async function withCureAsync<T>(what: string, cure: Cure, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asBpfError(what, error, cure);
  }
}

function asBpfError(what: string, error: unknown, cure: Cure): unknown {
  return isNativeError(error) ? new BpfError(what, error, cure(error) ?? generalCure(error)) : error;
}

function generalCure(error: NativeError): string {
  if (error.code === 'EPERM') {
    return `${error.syscall} needs ${error.syscall.startsWith('mount') ? 'CAP_SYS_ADMIN' : 'CAP_BPF'}`;
  }
  return error.verifierLog === undefined ? error.message : `the verifier says: ${verdict(error.verifierLog)}`;
}

/** The verifier's reason is the last line before its statistics and, for a loop, the two states it compared. */
function verdict(log: string): string {
  const lines = log.split('\n').filter(line => line !== '' && !/^(processed |cur state: |old state: )/.test(line));
  return lines.at(-1) ?? log;
}
