// An account taken out of one namespace: what the host routes there first, then links, rules and pins, and a namespace of its
// own as a whole. Nothing else is touched, and what is gone already is content.

import type { AccountNamespace } from '../account/account';
import { removeNetwork } from '../network/remove';
import { destroy } from '../reconcile/destroy';
import { releaseAll } from '../reconcile/installation';
import { programUser } from '../reconcile/target';
import { networkWords } from './change-words';
import { isThere, targetOf } from './place';
import type { Surroundings } from './surroundings';

/** What went, in words. Nothing of it may be open here. */
export async function removeAccount(
  account: string,
  namespace: AccountNamespace,
  { names, host }: Surroundings,
): Promise<readonly string[]> {
  const target = targetOf(names, host.target, account, namespace);
  const links = networkWords(await removeNetwork(names, { account, namespace }, host));
  if (!isThere(target)) releaseAll(programUser(target));
  // A namespace of that name that stays is not the account's.
  if (namespace.kind === 'own' || !isThere(target)) return links;
  const { tables } = await destroy(target, account);
  return [...links, ...tables.map(family => `rules of ${family}`)];
}
