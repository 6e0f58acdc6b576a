// The store as files: DIR/lock, and a folder for each account below DIR/accounts. Every change is on the disk before it is
// acknowledged; the records are kept in memory too, as nobody else writes them.

import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  accountOf,
  changeFolder,
  damaged,
  folderName,
  makeAccountFolder,
  PASSING,
  readFolder,
  readVersion,
  removeAccountFolder,
  removeVersions,
  versionPath,
} from './account-folder';
import type { AccountRecord } from './account-record';
import { lockDirectory } from './directory-lock';
import { makeFolder } from './durable-file';
import type { Store } from './store';
import { orStoreError, StoreError } from './store-error';

/** Rejects with StoreError where anything in it cannot be read: what is desired is then not known. */
export async function openFileStore(directory: string): Promise<Store> {
  const accounts = join(directory, 'accounts');
  await orStoreError('make', directory, () => makeFolder(accounts));
  const lock = await orStoreError('lock', directory, async () => lockDirectory(directory));
  try {
    const records = await readAccounts(accounts);
    return storeOf(accounts, records, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

export function documentDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readAccounts(accounts: string): Promise<Map<string, AccountRecord>> {
  const names = await orStoreError('read', accounts, () => readdir(accounts));
  const records = new Map<string, AccountRecord>();
  for (const name of names.sort()) {
    const folder = join(accounts, name);
    if (name.startsWith(PASSING)) {
      await orStoreError('remove', folder, () => rm(folder, { recursive: true }));
    } else {
      if (!isFolderName(name)) throw foreignFile(folder);
      records.set(accountOf(name), await readFolder(folder));
    }
  }
  return records;
}

function storeOf(accounts: string, records: Map<string, AccountRecord>, close: () => void): Store {
  const folderOf = (account: string) => join(accounts, folderName(account));
  return {
    async records() {
      return [...records.values()].sort((a, b) => (a.account < b.account ? -1 : 1));
    },
    async record(account) {
      return records.get(account);
    },
    async put(record, added) {
      const { account } = record;
      const folder = folderOf(account);
      const before = records.get(account);
      const write = before === undefined ? makeAccountFolder : changeFolder;
      await orStoreError('write', folder, () => write(folder, record, added));
      records.set(account, record);
      const kept = new Set(record.versions.map(({ version }) => version));
      const dropped = (before?.versions ?? []).map(({ version }) => version).filter(version => !kept.has(version));
      await orStoreError('clean', folder, () => removeVersions(folder, dropped));
    },
    async document(account, version) {
      const entry = records.get(account)?.versions.find(each => each.version === version);
      if (entry === undefined) throw noVersion(account, version);
      const folder = folderOf(account);
      const text = await readVersion(folder, version);
      if (documentDigest(text) !== entry.digest) throw damaged(versionPath(folder, version), 'its digest differs');
      return text;
    },
    async forget(account) {
      if (!records.has(account)) return;
      await orStoreError('remove', folderOf(account), () => removeAccountFolder(folderOf(account)));
      records.delete(account);
    },
    close,
  };
}

/** Whether an account's id could have given it. */
function isFolderName(name: string): boolean {
  try {
    return folderName(accountOf(name)) === name;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

function foreignFile(path: string): StoreError {
  return new StoreError('store.foreign-file', `${path} is no account's folder`, 'move it away');
}

function noVersion(account: string, version: number): StoreError {
  return new StoreError(
    'store.no-version',
    `account ${account} has no version ${version}`,
    `\`rampart versions ${account}\` shows which there are`,
  );
}
