// A plan's classifiers on their way into force and out of it. An instance in force that is what the plan asks for stays;
// otherwise another one is made beside it, which the transaction of the tables then names. Nothing here changes what
// judges packets.

import { existsSync } from 'node:fs';
import type { ObjectCache } from '../../backend/ebpf/object-cache';
import type { ClassifierMatch } from '../../backend/nft/table';
import { ensureBpffs } from '../../ebpf/bpffs';
import type { PacketFamily } from '../../packet/packet';
import type { Plan, PlannedClassifier } from '../../plan';
import { type ActualTable, classifiersOf, type InBothFamilies } from '../actual';
import { BPFFS } from '../pin';
import { type TableSpec, tableSpec } from '../table-spec';
import { closeInstance, type InstanceInForce, openIfThere, sequenceOf } from './in-force';
import { addEarlierCounts, closeInstanceOf, createInstance, type Instance, pinInstance } from './instance';
import { droppedPin, loggedPin, verdictPin } from './place';
import { releaseInstances } from './release';
import type { CountedRule } from './rule-record';
import { countedRules, type WantedClassifier, wantedClassifier } from './wanted';

export interface Installed {
  readonly directory: string;
  /** Name of its program. */
  readonly program: string;
  /** The instance that was in force when this one was made or found. */
  readonly beside: string | undefined;
  /** Of its tables then. */
  readonly besideSequence: number | undefined;
  /** undefined where it was in force already. */
  readonly made: Instance | undefined;
}

export type InstalledClassifiers = InBothFamilies<Installed>;

export const NONE_INSTALLED: InstalledClassifiers = { ip: undefined, ip6: undefined };

/** What was installed for a state that has passed is given up, but for what still fits. */
export async function installClassifiers(
  plan: Plan,
  actual: InBothFamilies<ActualTable>,
  { user, cache }: { readonly user: string; readonly cache: ObjectCache },
  before: InstalledClassifiers,
): Promise<InstalledClassifiers> {
  const inForce = classifiersOf(actual);
  const install = async (family: PacketFamily) => {
    const installed = before[family];
    const wanted = wantedClassifier(plan, family);
    const current = inForce[family];
    if (installed !== undefined && fits(installed, current)) return installed;
    if (installed !== undefined) giveUp(installed);
    return (
      wanted && installBeside(wanted, { directory: current, rules: actual[family]?.classified ?? [] }, user, cache)
    );
  };
  const [ip, ip6] = await Promise.allSettled([install('ip'), install('ip6')]);
  if (ip.status === 'fulfilled' && ip6.status === 'fulfilled') return { ip: ip.value, ip6: ip6.value };
  // What was installed before may be in force by now.
  if (ip.status === 'fulfilled' && ip.value !== undefined && ip.value !== before.ip) giveUp(ip.value);
  if (ip6.status === 'fulfilled' && ip6.value !== undefined && ip6.value !== before.ip6) giveUp(ip6.value);
  throw ip.status === 'rejected' ? ip.reason : (ip6 as PromiseRejectedResult).reason;
}

/** Made here and in force, or beside what is. The process that made that one may have flipped it since. */
function fits({ directory, made, beside, besideSequence }: Installed, inForce: string | undefined): boolean {
  if (made !== undefined && inForce === directory) return true;
  return inForce === beside && besideSequence === sequenceAt(beside);
}

function sequenceAt(directory: string | undefined): number | undefined {
  const instance = directory === undefined ? undefined : openIfThere(directory);
  if (instance === undefined) return undefined;
  const sequence = sequenceOf(instance);
  closeInstance(instance);
  return sequence;
}

/** Pins again what others have removed meanwhile. */
export function pinInstalled(installed: InstalledClassifiers): void {
  for (const { made } of eachOf(installed)) if (made !== undefined) pinInstance(made);
}

/** After the transaction: no rule names any more what the instances were made beside. */
export async function takeLastCounts(installed: InstalledClassifiers): Promise<void> {
  for (const { made, beside } of eachOf(installed)) {
    const replaced = made?.ownCounters && beside !== undefined ? openIfThere(beside) : undefined;
    if (made === undefined || replaced === undefined) continue;
    try {
      await addEarlierCounts(made, replaced);
    } finally {
      closeInstance(replaced);
    }
  }
}

/** Where the transaction failed: what was made for it goes, unless it is in force. */
export function giveUpInstalled(installed: InstalledClassifiers, inForce: InBothFamilies<string>): void {
  for (const each of eachOf(installed)) {
    if (![inForce.ip, inForce.ip6].includes(each.directory)) giveUp(each);
  }
}

/** The kernel goes on; this process needs them no more. */
export function closeInstalled(installed: InstalledClassifiers): void {
  for (const { made } of eachOf(installed)) if (made !== undefined) closeInstanceOf(made);
}

/** The plan's tables as they are to be, with the instances that their rules name. */
export function tableSpecs(
  plan: Plan,
  installed: InstalledClassifiers,
  name?: string,
): Readonly<Record<PacketFamily, TableSpec>> {
  return { ip: specOf(plan, installed, 'ip', name), ip6: specOf(plan, installed, 'ip6', name) };
}

function specOf(
  plan: Plan,
  installed: InstalledClassifiers,
  family: PacketFamily,
  name: string = plan.tables[family].name,
): TableSpec {
  const [classifier, wanted] = [installed[family], wantedClassifier(plan, family)];
  const table = { ...plan.tables[family], name };
  if (classifier === undefined || wanted === undefined) return tableSpec(table);
  const pin = (part: ClassifierMatch['part']) => classifierPin(classifier.directory, part);
  return tableSpec(table, { pin, rules: countedRules(wanted) });
}

function classifierPin(directory: string, part: ClassifierMatch['part']): string {
  if (part === 'verdict') return verdictPin(directory);
  return part === 'dropped' ? droppedPin(directory) : loggedPin(directory, part.logged);
}

function eachOf({ ip, ip6 }: InstalledClassifiers): Installed[] {
  return [ip, ip6].filter(installed => installed !== undefined);
}

function giveUp({ made }: Installed): void {
  if (made === undefined) return;
  closeInstanceOf(made);
  releaseInstances([made.directory]);
}

async function installBeside(
  wanted: WantedClassifier,
  { directory, rules }: { readonly directory: string | undefined; readonly rules: readonly CountedRule[] },
  user: string,
  cache: ObjectCache,
): Promise<Installed> {
  const current = directory === undefined ? undefined : openIfThere(directory);
  const beside = { beside: directory, besideSequence: current && sequenceOf(current) };
  try {
    if (current !== undefined && isAsWanted(current, rules, wanted)) {
      return { directory: current.directory, program: current.program, ...beside, made: undefined };
    }
    ensureBpffs(BPFFS);
    const made = await createInstance(wanted, user, cache, current);
    return { directory: made.directory, program: wanted.planned.program.name, ...beside, made };
  } finally {
    if (current !== undefined) closeInstance(current);
  }
}

/** What nft rules name. */
export function namedPins(directory: string, { classifier }: PlannedClassifier): string[] {
  const logged = classifier.tables.loggingRules.map((_, number) => loggedPin(directory, number));
  return [verdictPin(directory), ...(logged.length === 0 ? [] : [droppedPin(directory), ...logged])];
}

/** The same rules in the same order, and all the pins that rules name. */
function isAsWanted(
  { program, directory }: InstanceInForce,
  rules: readonly CountedRule[],
  wanted: WantedClassifier,
): boolean {
  const { planned } = wanted;
  if (program !== planned.program.name || rules.length !== wanted.rules.length) return false;
  if (!namedPins(directory, planned).every(path => existsSync(path))) return false;
  const comments = new Map(rules.map(({ digest, comment }) => [digest, comment]));
  return countedRules(wanted).every(({ digest, comment }) => comments.get(digest) === comment);
}
