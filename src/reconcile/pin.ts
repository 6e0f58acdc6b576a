// Where programs are pinned. A program has one pin under its content hash, which rules name; and for each namespace that
// uses it one more, so that a program no namespace uses any more can be told from one that another still needs.

import { join } from 'node:path';

export const BPFFS = '/sys/fs/bpf';
export const ROOT = join(BPFFS, 'rampart');
export const PROGRAMS = join(ROOT, 'program');
export const USERS = join(ROOT, 'user');

export function programPin(program: string): string {
  return join(PROGRAMS, program);
}

/** The directory of one namespace's pins; `user` is from namespaceUser(). */
export function userDirectory(user: string): string {
  return join(USERS, user);
}
