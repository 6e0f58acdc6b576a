// The namespace that is made for an account. It bears the account on its loopback device, so that one of the same name that
// somebody else made is neither used nor removed.

import type { Connection } from '../netlink/connection';
import { decodeInterfaceAddress, dumpAddresses } from '../netlink/route/address';
import { decodeLink, dumpLinks, type Link, setLink } from '../netlink/route/link';
import { createNamespace, namespaceExists } from '../netns/namespace';
import { linkNamed } from './actual';
import { openRouteConnection } from './host';
import { type Names, parseAlias } from './names';
import { NetworkError } from './network-error';
import type { PlanPlace } from './plan';

type OwnPlace = Extract<PlanPlace, { kind: 'own' }>;

/** Whether it was made now. One that a killed run has made and not marked is as good as none. */
export async function makeNamespace({ name, alias }: OwnPlace, names: Names, account: string): Promise<boolean> {
  const isNew = !namespaceExists(name);
  if (isNew) createNamespace(name);
  const connection = openRouteConnection({ namespace: name });
  try {
    const loopback = await linkNamed(connection, LOOPBACK);
    if (
      loopback?.alias !== alias &&
      !(await isUntouched(connection, loopback)) &&
      !(await hasLinksOf(connection, names, account))
    )
      throw foreignNamespace(name);
    if (loopback?.alias !== alias || !loopback.up)
      await connection.request(setLink({ name: LOOPBACK }, { alias, up: true }));
    return isNew;
  } finally {
    connection.close();
  }
}

/** Whether the namespace that the connection is in bears the account. */
export async function isMarked({ alias }: OwnPlace, connection: Connection): Promise<boolean> {
  return (await linkNamed(connection, LOOPBACK))?.alias === alias;
}

/** Whether one of that name does, or nobody has done anything with it: it may not have been marked before a kill. */
export async function isRemovable({ name, alias }: OwnPlace): Promise<boolean> {
  if (!namespaceExists(name)) return false;
  const connection = openRouteConnection({ namespace: name });
  try {
    const loopback = await linkNamed(connection, LOOPBACK);
    return loopback?.alias === alias || (await isUntouched(connection, loopback));
  } finally {
    connection.close();
  }
}

const LOOPBACK = 'lo';

/** As `ip netns add` leaves it. */
async function isUntouched(connection: Connection, loopback: Link | undefined): Promise<boolean> {
  if (loopback === undefined || loopback.alias !== undefined || loopback.up) return false;
  return (await connection.dump(dumpAddresses())).map(decodeInterfaceAddress).length === 0;
}

/** The mark alone can have been lost. */
async function hasLinksOf(connection: Connection, names: Names, account: string): Promise<boolean> {
  const links = (await connection.dump(dumpLinks())).map(decodeLink);
  return links.some(({ alias }) => parseAlias(names, alias)?.account === account);
}

function foreignNamespace(name: string): NetworkError {
  return new NetworkError(
    'network.foreign-namespace',
    `network namespace ${name} exists already and was not made for this account`,
    `delete it with \`ip netns delete ${name}\`, or bind the account to it with namespace: {existing: ${name}}`,
  );
}
