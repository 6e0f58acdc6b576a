// Where an instance of a classifier is pinned: a directory of its own below its user's, with the programs that nft rules
// name and the maps that readers open. Two instances never share a directory, so that a new one is made beside the one in
// force; what they share (counters) is pinned in both.

import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { PacketFamily } from '../../packet/packet';
import { ROOT } from '../pin';

export const CLASSIFIERS = join(ROOT, 'classifier');
/** The program that base chains name. */
export const VERDICT = 'verdict';

/** The directory of one namespace's instances; `user` is from programUser(). */
export function classifierUserDirectory(user: string): string {
  return join(CLASSIFIERS, user);
}

/** A name that no instance has had: family, program, and 64 random bits. */
export function newInstanceDirectory(user: string, family: PacketFamily, program: string): string {
  return join(classifierUserDirectory(user), `${family}_${program}_${randomBytes(8).toString('hex')}`);
}

/** The name of the program that it was made of. */
export function programOfInstance(directory: string): string {
  return basename(directory).split('_')[1] ?? '';
}

export function verdictPin(directory: string): string {
  return join(directory, VERDICT);
}

export function mapPin(directory: string, map: 'tables' | 'control' | 'counters' | 'rules' | 'memo'): string {
  return join(directory, map);
}

/** The program that says whether the logging rule of that number matched the packet just classified. */
export function loggedPin(directory: string, logged: number): string {
  return join(directory, `logged_${logged}`);
}

/** The program that says whether the packet just classified is to be dropped. */
export function droppedPin(directory: string): string {
  return join(directory, 'dropped');
}

/** The instance that a pinned path of an nft rule belongs to; undefined for what is no classifier's. */
export function instanceDirectoryOf(path: string): string | undefined {
  return path.startsWith(`${CLASSIFIERS}/`) ? dirname(path) : undefined;
}
