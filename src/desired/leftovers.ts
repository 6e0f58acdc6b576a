// What an agent before this one may have left of an account in the kernel, as far as the store can tell.

import { isDeepStrictEqual } from 'node:util';
import type { Account, AccountNamespace } from '../account/account';
import { PolicyError } from '../account/policy-file';
import type { Leftovers } from '../agent/desired';
import type { AccountRecord } from '../store/account-record';
import type { Store } from '../store/store';
import { StoreError } from '../store/store-error';
import { parseDocument } from './read-document';

/** Of an account that is to be. */
export async function leftoversOf(store: Store, record: AccountRecord): Promise<Leftovers> {
  const { account, desired } = record;
  const footprint = await store.footprint(account);
  if (footprint === undefined) return {};
  const { inForce, namespaces: alsoIn } = footprint;
  const earlier = inForce === undefined || inForce === desired ? undefined : await documentOf(store, account, inForce);
  return { alsoIn, ...(inForce && earlier && { meanwhile: { account: earlier, version: inForce } }) };
}

/** Where there may be something: where that is not known, wherever one of its documents says. */
export async function namespacesOf(store: Store, record: AccountRecord): Promise<readonly AccountNamespace[]> {
  const footprint = await store.footprint(record.account);
  if (footprint !== undefined) return footprint.namespaces;
  const found: AccountNamespace[] = [];
  for (const { version } of record.versions) {
    const document = await documentOf(store, record.account, version);
    if (document !== undefined) found.push(document.namespace);
  }
  return found.filter((each, index) => found.findIndex(other => isDeepStrictEqual(other, each)) === index);
}

/** undefined where it cannot be read. */
async function documentOf(store: Store, account: string, version: number): Promise<Account | undefined> {
  try {
    return parseDocument({ text: await store.document(account, version), source: `version ${version} of ${account}` });
  } catch (error) {
    if (error instanceof StoreError || error instanceof PolicyError) return undefined;
    throw error;
  }
}
