// What is desired as a folder of documents, ACCOUNT.yaml (or .yml, .json) each, such as a checkout of a repository. A document
// that is refused leaves its account as it is, and holds up no other one.

import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { readPolicyAndText } from '../account/policy-file';
import { Turnstile } from '../agent/turnstile';
import { type ErrorReport, errorReports } from '../report/error-report';
import { DesiredError } from './desired-error';
import type { DesiredState } from './desired-state';

export type DesiredAccounts = Pick<
  DesiredState,
  'put' | 'confirm' | 'rollback' | 'remove' | 'dryRun' | 'plan' | 'record' | 'document'
>;

export interface FolderReading {
  readonly documents: number;
  /** Accounts whose document is gone. */
  readonly removed: readonly string[];
  readonly problems: readonly ErrorReport[];
}

/** Documents that are open or being brought into force. */
const AT_ONCE = 16;

const SUFFIXES = ['.yaml', '.yml', '.json'];

/** Resolves when each account is in force, or its first attempt has failed. Rejects where the folder cannot be read. */
export async function followFolder(
  desired: DesiredState,
  folder: string,
  known: readonly string[],
): Promise<FolderReading> {
  const files = (await readdir(folder)).filter(isDocument).sort();
  if (files.length === 0 && known.length > 0) throw emptyFolder(folder, known.length);
  const accounts = files.map(accountOf);
  const removed = known.filter(account => !accounts.includes(account));
  const twice = new Set(accounts.filter((account, index) => accounts.indexOf(account) !== index));
  const turnstile = new Turnstile(AT_ONCE);
  const problemsOf = (place: string, work: () => Promise<unknown>) =>
    turnstile.pass('ordinary', () => problemsIn(place, work));
  const problems = await Promise.all([
    ...files.map(file =>
      twice.has(accountOf(file))
        ? [twoDocuments(join(folder, file))]
        : problemsOf(join(folder, file), () => putFile(desired, join(folder, file))),
    ),
    ...removed.map(account => problemsOf(folder, () => desired.remove(account))),
  ]);
  return { documents: files.length, removed, problems: problems.flat() };
}

/** The same accounts, changed by nobody but the folder. */
export function changedByFolder(desired: DesiredState, folder: string): DesiredAccounts {
  const refuse = async (): Promise<never> => {
    const cure = 'change the documents there, and send SIGHUP to the agent';
    throw new DesiredError('desired.folder', `what is desired comes from ${folder}`, cure);
  };
  return {
    put: refuse,
    confirm: refuse,
    rollback: refuse,
    remove: refuse,
    dryRun: (account, given) => desired.dryRun(account, given),
    plan: (account, given, budget) => desired.plan(account, given, budget),
    record: account => desired.record(account),
    document: (account, version) => desired.document(account, version),
  };
}

function isDocument(file: string): boolean {
  return !file.startsWith('.') && SUFFIXES.includes(parse(file).ext);
}

function accountOf(file: string): string {
  return parse(file).name;
}

async function putFile(desired: DesiredState, file: string): Promise<void> {
  const { text } = readPolicyAndText(file);
  await desired.put(accountOf(file), { text, source: file });
}

async function problemsIn(place: string, work: () => Promise<unknown>): Promise<readonly ErrorReport[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return errorReports(error).map(report => ({ place, ...report }));
  }
}

function twoDocuments(file: string): ErrorReport {
  const cure = 'keep one of them';
  return {
    code: 'desired.two-documents',
    place: file,
    message: 'its account has another document in the folder',
    cure,
  };
}

/** Most likely nothing is mounted there. */
function emptyFolder(folder: string, accounts: number): DesiredError {
  return new DesiredError(
    'desired.empty-folder',
    `${folder} has no document, and there are ${accounts} accounts; none is removed`,
    'put the documents there, or remove the accounts with `rampart remove`, the agent started without --accounts',
  );
}
