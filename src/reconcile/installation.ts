// What a plan's rules call, in the kernel before they are: its programs, and its classifiers beside those in force.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { Connection } from '../netlink/connection';
import type { Plan } from '../plan';
import { type Actual, classifiersOf, programsOf, readActualRules } from './actual';
import {
  closeInstalled,
  giveUpInstalled,
  type InstalledClassifiers,
  installClassifiers,
  NONE_INSTALLED,
  pinInstalled,
  takeLastCounts,
} from './classifier/install';
import { listInstances, releaseInstances, releaseUser } from './classifier/release';
import { installPrograms, releasePrograms } from './programs';
import { NOTHING_SAVED, type SavedCounts } from './saved-counts';
import type { GoneCounts } from './staying';

export interface Installation {
  readonly plan: Plan;
  readonly user: string;
  readonly cache: ObjectCache;
  /** Of rules that were in force once. */
  readonly saved: SavedCounts;
  readonly gone: GoneCounts;
  classifiers: InstalledClassifiers;
  /** Programs that had to be loaded. */
  loaded: readonly string[];
}

export function beginInstallation(
  plan: Plan,
  user: string,
  cache: ObjectCache,
  saved: SavedCounts = NOTHING_SAVED,
  gone: GoneCounts = 'forgotten',
): Installation {
  return { plan, user, cache, saved, gone, classifiers: NONE_INSTALLED, loaded: [] };
}

/** As the tables that have just been read need it; again for tables read later. */
export async function install(installation: Installation, actual: Actual): Promise<void> {
  const { plan, user, cache, classifiers } = installation;
  const loaded = await installPrograms(plan.programs.values(), user, cache);
  installation.classifiers = await installClassifiers(plan, actual, { user, cache }, classifiers);
  const made = [installation.classifiers.ip, installation.classifiers.ip6].filter(each => each?.made !== undefined);
  installation.loaded = [...new Set([...installation.loaded, ...loaded, ...made.map(each => each?.program ?? '')])];
}

/** Another process that applied a policy here gave up the pins that it does not need: they are made once more. */
export async function installAgain({ plan, user, cache, classifiers }: Installation): Promise<void> {
  await installPrograms(plan.programs.values(), user, cache);
  pinInstalled(classifiers);
}

/** After the tables' transaction: what neither the policy nor another one put into force since needs goes. */
export async function settle({ plan, user, classifiers }: Installation, connection: Connection): Promise<void> {
  await takeLastCounts(classifiers);
  releasePrograms(user, plan.programs.keys());
  await releaseOthers(user, classifiers, connection);
  // Another process may have looked at the rules before they named what is pinned here.
  pinInstalled(classifiers);
}

/** Where it failed: of what was made all goes that no rule names. */
export async function giveBack({ user, classifiers }: Installation, connection: Connection): Promise<void> {
  const inForce = await readActualRules(connection);
  giveUpInstalled(classifiers, classifiersOf(inForce));
  releasePrograms(user, programsOf(inForce));
}

/** Where no rule is in force any more. */
export function releaseAll(user: string): void {
  releasePrograms(user, []);
  releaseUser(user);
  releaseInstances([]);
}

export function closeInstallation({ classifiers }: Installation): void {
  closeInstalled(classifiers);
}

/** The rules say what is in force: listed first, so that nothing goes that another process pins from here on. */
async function releaseOthers(user: string, { ip, ip6 }: InstalledClassifiers, connection: Connection): Promise<void> {
  const others = listInstances(user).filter(directory => directory !== ip?.directory && directory !== ip6?.directory);
  const named = others.length === 0 ? undefined : classifiersOf(await readActualRules(connection));
  releaseInstances(others.filter(directory => directory !== named?.ip && directory !== named?.ip6));
}
