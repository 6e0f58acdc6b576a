// One account's folder: state.json is its record, versions/N.yaml the texts. The folder appears and goes as a whole, by a
// rename, so that one without a state.json is damage and never an account that is about to be.

import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { AccountRecord } from './account-record';
import { makeFolder, renameDurably, syncFolder, UNFINISHED, writeDurably } from './durable-file';
import { parseRecord, printRecord } from './record-text';
import type { AddedVersion } from './store';
import { orStoreError, StoreError } from './store-error';

/** Folders being made or removed; an account's own never begins like this. */
export const PASSING = '.';

/** Ids may have dots, and `..` would be one. */
export function folderName(account: string): string {
  return encodeURIComponent(account).replaceAll('.', '%2E');
}

export function accountOf(folder: string): string {
  return decodeURIComponent(folder);
}

/** Removes what a killed process left in it. */
export async function readFolder(folder: string): Promise<AccountRecord> {
  const state = join(folder, 'state.json');
  const text = await orStoreError('read', state, () => readFile(state, 'utf8'));
  const reading = parseRecord(text, accountOf(basename(folder)));
  if (reading.kind === 'unreadable') throw damaged(state, reading.why);
  await orStoreError('clean', folder, () => removeLeftovers(folder, reading.record));
  return reading.record;
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
  if (added !== undefined) await writeDurably(versionPath(folder, added.version), added.text);
  await writeDurably(join(folder, 'state.json'), printRecord(record));
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
  return new StoreError(
    'store.damaged',
    `${path} is not as it was written: ${why}`,
    `bring it back from a backup, or give the account up by removing ${accountFolder(path)}`,
  );
}

function accountFolder(path: string): string {
  const folder = dirname(path);
  return basename(folder) === 'versions' ? dirname(folder) : folder;
}

function passing(folder: string): string {
  return join(dirname(folder), `${PASSING}${basename(folder)}`);
}

/** Texts that were written before their record was, or whose removal did not come to its end. */
async function removeLeftovers(folder: string, record: AccountRecord): Promise<void> {
  await rm(join(folder, `state.json${UNFINISHED}`), { force: true });
  const named = new Set(record.versions.map(({ version }) => `${version}.yaml`));
  for (const name of await readdir(join(folder, 'versions'))) {
    if (!named.has(name)) await rm(join(folder, 'versions', name));
  }
}
