// Where an account is filtered, and what is kept open there for as long as it is: the namespace, the rules' connection, and
// a subscription to what others do. A namespace whose name was deleted lives on in these, and so it is the file that is
// looked at.

import { statSync } from 'node:fs';
import type { Subscription } from '../netlink/subscription';
import { createNamespace, deleteNamespace, namespaceExists, namespacePath } from '../netns/namespace';
import type { Plan } from '../plan';
import { destroy } from '../reconcile/destroy';
import { type Enforcement, enforce } from '../reconcile/enforcement';
import type { SavedCounts } from '../reconcile/saved-counts';
import { changesOf, foundWords } from './change-words';
import { type Sign, watchRules } from './rule-watch';
import type { Surroundings } from './surroundings';

export interface Place {
  readonly namespace: string;
  readonly enforcement: Enforcement;
  readonly watch: Subscription;
  /** Of the namespace. No other one has it while this is open. */
  readonly inode: number | undefined;
}

/** Makes the namespace where it is not there. Throws NamespaceError. */
export function openPlace(
  namespace: string,
  { cache, settings }: Surroundings,
  on: (sign: Sign | { readonly kind: 'deaf' }) => void,
): Place {
  if (!namespaceExists(namespace)) createNamespace(namespace);
  // Looked at first: were the name given to another namespace in between, isGone() would tell.
  const inode = inodeOf(namespace);
  const enforcement = enforce({ namespace }, cache);
  try {
    const watch = watchRules(namespace, enforcement.portId, settings.eventBuffer, on);
    watch.ended.catch(() => on({ kind: 'deaf' }));
    return { namespace, inode, enforcement, watch };
  } catch (error) {
    enforcement.close();
    throw error;
  }
}

/** The kernel goes on filtering. */
export function closePlace({ enforcement, watch }: Place): void {
  watch.close();
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

/** As bringInForce(), of the plan that is in force already: what has come to differ is said and mended. */
export async function repair(place: Place, plan: Plan): Promise<readonly string[]> {
  const { enforcement } = place;
  if (enforcement.plan !== plan) return bringInForce(place, plan);
  const found = await enforcement.verify();
  if (!found.none) await enforcement.repair();
  return foundWords(found);
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
