// Where an account is filtered, and what is kept open there for as long as it is: the namespace, the rules' connection, and
// a subscription to what others do. A namespace whose name was deleted lives on in these, and so it is the file that is
// looked at.

import { statSync } from 'node:fs';
import type { Account, AccountNamespace } from '../account/account';
import type { Subscription } from '../netlink/subscription';
import { createNamespace, deleteNamespace, namespaceExists, namespacePath } from '../netns/namespace';
import { type Names, namespaceName } from '../network/names';
import type { Plan } from '../plan';
import { destroy } from '../reconcile/destroy';
import { type Enforcement, enforce } from '../reconcile/enforcement';
import { refusalsOf } from '../reconcile/refusal';
import type { SavedCounts } from '../reconcile/saved-counts';
import type { Target } from '../reconcile/target';
import { changesOf, foundWords } from './change-words';
import { RefusedPlanError } from './refused-plan-error';
import { type Sign, watchRules } from './rule-watch';
import type { Surroundings } from './surroundings';

/** Which namespace an account is in, whether or not it is there. */
export interface Location extends Target {
  readonly kind: AccountNamespace['kind'];
}

export interface Place {
  readonly location: Location;
  readonly enforcement: Enforcement;
  readonly watch: Subscription;
  /** Of the namespace. No other one has it while this is open. */
  readonly inode: number | undefined;
}

export function locationOf(names: Names, { account, namespace }: Pick<Account, 'account' | 'namespace'>): Location {
  switch (namespace.kind) {
    case 'own':
      return { kind: 'own', namespace: namespaceName(names, account) };
    case 'existing':
      return { kind: 'existing', namespace: namespace.name };
    case 'host':
      return { kind: 'host', namespace: undefined };
  }
}

export function isSame(one: Location, other: Location): boolean {
  return one.kind === other.kind && one.namespace === other.namespace;
}

export function isThere({ namespace }: Location): boolean {
  return namespace === undefined || namespaceExists(namespace);
}

/** Makes a namespace of the account's own where it is not there. Throws NamespaceError. */
export function openPlace(
  location: Location,
  { cache, settings }: Surroundings,
  on: (sign: Sign | { readonly kind: 'deaf' }) => void,
): Place {
  const { kind, namespace } = location;
  if (kind === 'own' && namespace !== undefined && !namespaceExists(namespace)) createNamespace(namespace);
  // Looked at first: were the name given to another namespace in between, isGone() would tell.
  const inode = inodeOf(location);
  const enforcement = enforce(location, cache);
  try {
    const watch = watchRules(location, enforcement.portId, settings.eventBuffer, on);
    watch.ended.catch(() => on({ kind: 'deaf' }));
    return { location, inode, enforcement, watch };
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
export function isGone({ location, inode }: Place): boolean {
  return inodeOf(location) !== inode;
}

/** `anew`: by a fresh generation of tables, for what changing the old ones cannot bring about. */
export interface Bringing {
  readonly counts: SavedCounts | undefined;
  readonly anew: boolean;
}

/** Sends what differs, and says it in words; empty where nothing did. Rejects with RefusedPlanError. */
export async function bringInForce(
  { enforcement }: Place,
  plan: Plan,
  { counts, anew }: Bringing,
): Promise<readonly string[]> {
  const work = anew ? enforcement.rebuild(plan, counts) : enforcement.apply(plan, counts);
  return changesOf(await orRefusal(work, plan));
}

/** Of the plan that is in force already: what has come to differ is mended, and said. Rejects as bringInForce(). */
export async function repair(place: Place, plan: Plan, anew: boolean): Promise<readonly string[]> {
  const { enforcement } = place;
  if (anew || enforcement.plan !== plan) return bringInForce(place, plan, { counts: undefined, anew });
  const found = await enforcement.verify();
  if (!found.none) await orRefusal(enforcement.repair(), plan);
  return foundWords(found);
}

/** All that is the account's, and nothing else. Twice is harmless. The place must be closed. */
export async function removePlace(location: Location): Promise<readonly string[]> {
  const { kind, namespace } = location;
  if (!isThere(location)) return [];
  const { tables } = await destroy(location);
  const removed = tables.map(family => `rules of ${family}`);
  if (kind !== 'own' || namespace === undefined) return removed;
  deleteNamespace(namespace);
  return [...removed, `namespace ${namespace}`];
}

async function orRefusal<T>(work: Promise<T>, plan: Plan): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusals = refusalsOf(error, plan);
    throw refusals === undefined ? error : new RefusedPlanError(refusals, error);
  }
}

function inodeOf({ namespace }: Location): number | undefined {
  const file = namespace === undefined ? '/proc/self/ns/net' : namespacePath(namespace);
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
