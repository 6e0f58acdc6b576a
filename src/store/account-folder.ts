// One account's folder: state.json is its record, versions/N.yaml the texts. The folder appears and goes as a whole, by a
// rename, so that one without a state.json is damage and never an account that is about to be.

import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AccountRecord, VersionRecord } from './account-record';
import { documentDigest } from './document-digest';
import { makeFolder, renameDurably, syncFolder, UNFINISHED, writeDurably } from './durable-file';
import { parseRecord, printRecord } from './record-text';
import type { AddedVersion } from './store';
import { isNotThere, orStoreError, StoreError } from './store-error';

/** Folders being made or removed; an account's own never begins like this. */
export const PASSING = '.';

/** Ids may have dots, and `..` would be one. */
export function folderName(account: string): string {
  return encodeURIComponent(account).replaceAll('.', '%2E');
}

export function accountOf(folder: string): string {
  return decodeURIComponent(folder);
}

export function recordPath(folder: string): string {
  return join(folder, 'state.json');
}

export async function readFolder(folder: string): Promise<AccountRecord> {
  const state = recordPath(folder);
  const text = await orStoreError('read', state, () => readFile(state, 'utf8'));
  const reading = parseRecord(text, accountOf(basename(folder)));
  if (reading.kind === 'unreadable') throw damaged(state, reading.why);
  return reading.record;
}

/** What a killed process left in it: texts that were written before their record was, or whose removal did not come to its end. */
export async function cleanFolder(folder: string, record: AccountRecord): Promise<void> {
  const named = new Set(record.versions.map(({ version }) => version));
  const isLeft = (name: string) => {
    const [, version, unfinished] = TEXT.exec(name) ?? [];
    return version !== undefined && (unfinished !== undefined || !named.has(Number(version)));
  };
  await orStoreError('clean', folder, async () => {
    await rm(`${recordPath(folder)}${UNFINISHED}`, { force: true });
    for (const name of await textNames(folder)) if (isLeft(name)) await rm(join(folder, 'versions', name));
  });
}

/** By the texts alone. */
export async function salvageVersions(folder: string): Promise<readonly VersionRecord[]> {
  const names = await orStoreError('read', folder, () => textNames(folder));
  const numbers = names.flatMap(name => {
    const [, version, unfinished] = TEXT.exec(name) ?? [];
    return version === undefined || unfinished !== undefined ? [] : [Number(version)];
  });
  const versions: VersionRecord[] = [];
  for (const version of numbers.sort((a, b) => a - b)) versions.push(await salvageVersion(folder, version));
  return versions;
}

/** Of a text that cannot be read the number is known: it is not used again. */
async function salvageVersion(folder: string, version: number): Promise<VersionRecord> {
  const path = versionPath(folder, version);
  const { mtime: created } = await orStoreError('read', path, () => stat(path));
  try {
    return { version, created, digest: documentDigest(await readVersion(folder, version)) };
  } catch (error) {
    if (error instanceof StoreError) return { version, created, digest: NO_DIGEST };
    throw error;
  }
}

/** No text has it. */
const NO_DIGEST = '0'.repeat(64);

/** The record that cannot be read stays beside the one that takes its place. */
export async function setRecordAside(folder: string): Promise<void> {
  const there = new Set(await readdir(folder));
  if (!there.has(basename(recordPath(folder)))) return;
  const asideOf = (number: number) => `${basename(recordPath(folder))}.damaged-${number}`;
  let number = 1;
  while (there.has(asideOf(number))) number++;
  await rename(recordPath(folder), join(folder, asideOf(number)));
}

export async function makeAccountFolder(folder: string, record: AccountRecord, added?: AddedVersion): Promise<void> {
  const made = passing(folder);
  await rm(made, { recursive: true, force: true });
  await makeFolder(join(made, 'versions'));
  await changeFolder(made, record, added);
  await renameDurably(made, folder);
}

/** The text first: a record never names a version that is not there. */
export async function changeFolder(folder: string, record: AccountRecord, added?: AddedVersion): Promise<void> {
  if (added !== undefined) {
    await makeFolder(join(folder, 'versions'));
    await writeDurably(versionPath(folder, added.version), added.text);
  }
  await writeDurably(recordPath(folder), printRecord(record));
}

export async function removeVersions(folder: string, versions: readonly number[]): Promise<void> {
  for (const version of versions) await rm(versionPath(folder, version), { force: true });
}

export async function removeAccountFolder(folder: string): Promise<void> {
  const gone = passing(folder);
  await rm(gone, { recursive: true, force: true });
  await renameDurably(folder, gone);
  await rm(gone, { recursive: true });
  await syncFolder(dirname(folder));
}

export async function readVersion(folder: string, version: number): Promise<string> {
  const path = versionPath(folder, version);
  return orStoreError('read', path, () => readFile(path, 'utf8'));
}

export function versionPath(folder: string, version: number): string {
  return join(folder, 'versions', `${version}.yaml`);
}

export function damaged(path: string, why: string): StoreError {
  return new StoreError('store.damaged', `${path} is not as it was written: ${why}`, 'bring it back from a backup');
}

function passing(folder: string): string {
  return join(dirname(folder), `${PASSING}${basename(folder)}`);
}

/** Of a version, or of what was being written. What others put beside them stays. */
const TEXT = /^([1-9][0-9]{0,14})\.yaml(\.next)?$/;

/** None where the folder of the texts is gone. */
async function textNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(join(folder, 'versions'));
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}
