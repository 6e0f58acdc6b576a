// The accounts of a realm of which anything is there, by names and aliases: what an agent compares with the accounts that
// it knows, before it removes those that nobody wants any more.

import type { AccountNamespace } from '../account/account';
import { decodeLink, dumpLinks, type Link } from '../netlink/route/link';
import { listNamespaces, namespaceExists } from '../netns/namespace';
import { type Host, openRouteConnection } from './host';
import { type Names, namespaceName, parseAlias } from './names';

export interface FoundAccount {
  readonly account: string;
  /** Where its links are; none, where only the host has any, on their way or to a namespace that is gone. */
  readonly namespaces: readonly AccountNamespace[];
}

/** Rejects where anything cannot be read: then nothing is known. */
export async function listAccounts(names: Names, host: Host): Promise<readonly FoundAccount[]> {
  const found = new Map<string, AccountNamespace[]>();
  const hostLinks = (await host.connection.dump(dumpLinks())).map(decodeLink);
  for (const account of accountsOf(names, hostLinks)) found.set(account, []);
  for (const account of accountsOf(
    names,
    hostLinks.filter(link => isInPlace(names, link)),
  ))
    found.get(account)?.push({ kind: 'host' });
  for (const name of listNamespaces()) {
    if (name === host.target.namespace) continue;
    for (const account of accountsOf(names, await linksOf(name))) {
      const own = name === namespaceName(names, account);
      found.set(account, [...(found.get(account) ?? []), own ? { kind: 'own' } : { kind: 'existing', name }]);
    }
  }
  return [...found].map(([account, namespaces]) => ({ account, namespaces }));
}

/** Others are one end of an uplink, or have not been moved. */
function isInPlace(names: Names, { name, alias }: Link): boolean {
  return parseAlias(names, alias)?.link === name;
}

function accountsOf(names: Names, links: readonly Link[]): ReadonlySet<string> {
  return new Set(links.flatMap(({ alias }) => parseAlias(names, alias)?.account ?? []));
}

/** None of a namespace that has gone since it was listed. */
async function linksOf(namespace: string): Promise<readonly Link[]> {
  try {
    const connection = openRouteConnection({ namespace });
    try {
      return (await connection.dump(dumpLinks())).map(decodeLink);
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!namespaceExists(namespace)) return [];
    throw error;
  }
}
