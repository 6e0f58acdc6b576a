// What keeps a store from being opened, read or written. Nothing of it is ever taken for "there is nothing".

import { CodedError } from '../diagnostic/coded-error';

export type StoreErrorCode =
  | 'store.locked'
  /** A file is not what was written there. */
  | 'store.damaged'
  /** There is a file where the store has none. */
  | 'store.foreign-file'
  | 'store.no-version'
  /** The system refuses: EACCES, ENOSPC, EROFS and their like. */
  | 'store.system';

export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError';
}

/** Runs a call of the system about a file of the store. */
export async function orStoreError<T>(what: string, path: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new StoreError('store.system', `cannot ${what} ${path}: ${error.message}`, cureOf(error.code), error);
  }
}

export function isNotThere(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT';
}

/** By shape: Node's errors may belong to another realm, whose Error is not this one's. */
function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
}

function cureOf(code: string): string {
  const cures: Readonly<Record<string, string>> = {
    EACCES: 'run as the user who owns the folder',
    EPERM: 'run as the user who owns the folder',
    ENOSPC: 'make room on that file system',
    EDQUOT: 'make room on that file system',
    EROFS: 'mount that file system for writing, or name a folder on another one with --data',
    ENOENT: 'bring the file back from a backup',
    EMFILE: 'raise the limit of open files (LimitNOFILE of the service)',
    ENFILE: 'raise fs.file-max',
    ENOTDIR: 'a file stands where a folder belongs: move it away, or name another folder with --data',
    EISDIR: 'a folder stands where a file belongs: move it away',
  };
  return cures[code] ?? 'see that the file system is sound';
}
