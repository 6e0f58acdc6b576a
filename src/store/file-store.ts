// The store as files: DIR/lock, and a folder for each account below DIR/accounts. Every change is on the disk before it is
// acknowledged; the records are kept in memory too, as nobody else writes them.

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  accountOf,
  changeFolder,
  cleanFolder,
  damaged,
  folderName,
  makeAccountFolder,
  PASSING,
  readFolder,
  readVersion,
  removeAccountFolder,
  removeVersions,
  salvageVersions,
  setRecordAside,
  versionPath,
} from './account-folder';
import type { AccountRecord } from './account-record';
import { lockDirectory } from './directory-lock';
import { documentDigest } from './document-digest';
import { makeFolder } from './durable-file';
import { readFootprint, writeFootprint } from './footprint';
import type { LostRecord } from './lost-record';
import type { AddedVersion, Store } from './store';
import { orStoreError, StoreError } from './store-error';

/** Rejects with StoreError where it cannot be told which accounts there are. One that cannot be read is lost, and held up alone. */
export async function openFileStore(directory: string): Promise<Store> {
  const accounts = join(directory, 'accounts');
  await orStoreError('make', directory, () => makeFolder(accounts));
  const lock = await orStoreError('lock', directory, async () => lockDirectory(directory));
  try {
    return storeOf(accounts, await readAccounts(accounts), () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface Contents {
  readonly records: Map<string, AccountRecord>;
  readonly lost: Map<string, LostRecord>;
  readonly problems: StoreError[];
}

async function readAccounts(accounts: string): Promise<Contents> {
  const names = await orStoreError('read', accounts, () => readdir(accounts));
  const contents: Contents = { records: new Map(), lost: new Map(), problems: [] };
  for (const name of names.sort()) {
    const folder = join(accounts, name);
    if (name.startsWith(PASSING)) {
      const removal = orStoreError('remove', folder, () => rm(folder, { recursive: true }));
      await orProblem(contents.problems, removal);
    } else if (isFolderName(name)) await readAccount(folder, accountOf(name), contents);
    else contents.problems.push(foreignFile(folder));
  }
  return contents;
}

async function readAccount(folder: string, account: string, { records, lost, problems }: Contents): Promise<void> {
  try {
    const record = await readFolder(folder);
    records.set(account, record);
    lost.delete(account);
    await orProblem(problems, cleanFolder(folder, record));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    lost.set(account, { account, error });
  }
}

/** What is only in the way. */
async function orProblem(problems: StoreError[], work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    problems.push(error);
  }
}

function storeOf(accounts: string, contents: Contents, close: () => void): Store {
  const { records, lost, problems } = contents;
  const folderOf = (account: string) => join(accounts, folderName(account));
  const recordOf = (account: string) => {
    const isLost = lost.get(account);
    if (isLost !== undefined) throw isLost.error;
    return records.get(account);
  };
  const write = async (record: AccountRecord, added: AddedVersion | undefined) => {
    const folder = folderOf(record.account);
    if (lost.has(record.account)) {
      await setRecordAside(folder);
      await changeFolder(folder, record, added);
    } else if (records.has(record.account)) await changeFolder(folder, record, added);
    else await makeAccountFolder(folder, record, added);
  };
  return {
    problems,
    async records() {
      return [...records.values()].sort(byAccount);
    },
    async lost() {
      return [...lost.values()].sort(byAccount);
    },
    async record(account) {
      return recordOf(account);
    },
    async reread(account) {
      if (lost.has(account)) await readAccount(folderOf(account), account, contents);
    },
    async salvage(account) {
      return { account, versions: await salvageVersions(folderOf(account)) };
    },
    async put(record, added) {
      const { account } = record;
      const folder = folderOf(account);
      const before = records.get(account);
      await orStoreError('write', folder, () => write(record, added));
      records.set(account, record);
      lost.delete(account);
      const kept = new Set(record.versions.map(({ version }) => version));
      const dropped = (before?.versions ?? []).map(({ version }) => version).filter(version => !kept.has(version));
      await orStoreError('clean', folder, () => removeVersions(folder, dropped));
    },
    async document(account, version) {
      const folder = folderOf(account);
      const versions = lost.has(account) ? await salvageVersions(folder) : records.get(account)?.versions;
      const entry = versions?.find(each => each.version === version);
      if (entry === undefined) throw noVersion(account, version);
      const text = await readVersion(folder, version);
      if (documentDigest(text) !== entry.digest) throw damaged(versionPath(folder, version), 'its digest differs');
      return text;
    },
    async footprint(account) {
      return readFootprint(folderOf(account));
    },
    async putFootprint(account, footprint) {
      const folder = folderOf(account);
      await orStoreError('write', folder, () => writeFootprint(folder, footprint));
    },
    async forget(account) {
      if (!records.has(account) && !lost.has(account)) return;
      await orStoreError('remove', folderOf(account), () => removeAccountFolder(folderOf(account)));
      records.delete(account);
      lost.delete(account);
    },
    close,
  };
}

function byAccount(a: { readonly account: string }, b: { readonly account: string }): number {
  return a.account < b.account ? -1 : 1;
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
  return new StoreError(
    'store.foreign-file',
    `${path} is no account's folder`,
    'move it away, and start the agent again; until then nothing is swept',
  );
}

function noVersion(account: string, version: number): StoreError {
  return new StoreError(
    'store.no-version',
    `account ${account} has no version ${version}`,
    `\`rampart versions ${account}\` shows which there are`,
  );
}
