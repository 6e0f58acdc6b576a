// Symbols for the errno numbers that the kernel puts into acknowledgements. Node knows those that libc knows; nf_tables
// and rtnetlink also answer with numbers that never leave other system calls.

import { constants } from 'node:os';

const names = new Map<number, string>(Object.entries(constants.errno).map(([name, errno]) => [errno, name]));
names.set(11, 'EAGAIN');
names.set(77, 'EBADFD');
names.set(85, 'ERESTART');
names.set(95, 'EOPNOTSUPP');
names.set(524, 'ENOTSUPP');

/** `errno` is positive. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}
