// A plan in force held against what the kernel has, without sending anything.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from '../netlink/connection';
import { FAMILIES } from '../packet/families';
import type { Plan } from '../plan';
import { readActual } from './actual';
import { type InstalledClassifiers, namedPins, tableSpecs } from './classifier/install';
import { mapPin } from './classifier/place';
import type { CountedRule } from './classifier/rule-record';
import { type Difference, difference } from './difference';
import { programPin, userDirectory } from './pin';
import { changeTables, hasOperations } from './policy-change';

/** `none`: the kernel's tables are what the plan asks for, and no pin is missing. */
export interface Verification extends Difference {
  /** Paths of pins that are gone. Rules go on without them, but readers and the next process do not find what they hold. */
  readonly missingPins: readonly string[];
}

export async function verifyOver(
  connection: Connection,
  plan: Plan,
  user: string,
  classifiers: InstalledClassifiers,
): Promise<Verification> {
  const actual = await readActual(connection);
  const specs = tableSpecs(plan, classifiers);
  const { operations, afterwards } = changeTables(specs, actual, plan);
  const missingPins = pinsOf(plan, user, classifiers).filter(path => !existsSync(path));
  const same = FAMILIES.every(family => haveSame(specs[family].classified, actual[family]?.classified ?? []));
  const none = same && !hasOperations(operations) && !hasOperations(afterwards);
  return { ...difference(specs, actual, none), none: none && missingPins.length === 0, missingPins };
}

function haveSame(wanted: readonly CountedRule[], actual: readonly CountedRule[]): boolean {
  const comments = new Map(actual.map(({ digest, comment }) => [digest, comment]));
  return wanted.length === actual.length && wanted.every(({ digest, comment }) => comments.get(digest) === comment);
}

function pinsOf({ programs, classifiers: planned }: Plan, user: string, classifiers: InstalledClassifiers): string[] {
  const ofPrograms = [...programs.keys()].flatMap(name => [programPin(name), join(userDirectory(user), name)]);
  const ofClassifiers = FAMILIES.flatMap(family => {
    const [directory, classifier] = [classifiers[family]?.directory, planned[family]];
    if (directory === undefined || classifier === undefined) return [];
    const maps = (['control', 'counters', 'rules'] as const).map(map => mapPin(directory, map));
    return [...namedPins(directory, classifier), ...maps];
  });
  return [...ofPrograms, ...ofClassifiers];
}
