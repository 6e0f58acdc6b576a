// Where an account is filtered, and what is kept open there for as long as it is: the namespace and the rules' connection.
// A namespace whose name was deleted lives on in whatever is open in it; so its file is looked at, not the connection.

import { statSync } from 'node:fs';
import type { ObjectCache } from '../backend/ebpf/object-cache';
import { createNamespace, deleteNamespace, namespaceExists, namespacePath } from '../netns/namespace';
import type { Plan } from '../plan';
import { destroy } from '../reconcile/destroy';
import { type Enforcement, enforce } from '../reconcile/enforcement';
import type { SavedCounts } from '../reconcile/saved-counts';
import { changesOf } from './change-words';

export interface Place {
  readonly namespace: string;
  readonly enforcement: Enforcement;
  /** Of the namespace. No other one has it while this is open. */
  readonly inode: number | undefined;
}

/** Makes the namespace where it is not there. Throws NamespaceError. */
export function openPlace(namespace: string, cache: ObjectCache): Place {
  if (!namespaceExists(namespace)) createNamespace(namespace);
  // Looked at first: were the name given to another namespace in between, isGone() would tell.
  const inode = inodeOf(namespace);
  return { namespace, inode, enforcement: enforce({ namespace }, cache) };
}

/** The kernel goes on filtering. */
export function closePlace({ enforcement }: Place): void {
  enforcement.close();
}

/** Whether the name is deleted, or another namespace's by now. */
export function isGone({ namespace, inode }: Place): boolean {
  return inodeOf(namespace) !== inode;
}

/** Sends what differs, and says it in words; empty where nothing did. */
export async function bringInForce(
  { enforcement }: Place,
  plan: Plan,
  counts?: SavedCounts,
): Promise<readonly string[]> {
  return changesOf(await enforcement.apply(plan, counts));
}

/** All that is the account's, and nothing else. Twice is harmless. The place must be closed. */
export async function removePlace(namespace: string): Promise<readonly string[]> {
  if (!namespaceExists(namespace)) return [];
  await destroy({ namespace });
  deleteNamespace(namespace);
  return [`namespace ${namespace}`];
}

function inodeOf(namespace: string): number | undefined {
  return statSync(namespacePath(namespace), { throwIfNoEntry: false })?.ino;
}
