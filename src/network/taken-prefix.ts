// The host's routes to accounts, looked at before another one is added: of two prefixes one of which lies in the other the
// longer one would take packets from the other's account, and the kernel would not say a word.

import { containsPrefix, type Prefix, printPrefix } from '../net/prefix';
import type { Connection } from '../netlink/connection';
import { decodeLink, getLink } from '../netlink/route/link';
import { mainRoutes } from './actual';
import { RTPROT_RAMPART } from './names';
import { NetworkError } from './network-error';
import type { PlannedRoute } from './plan';

/** Throws NetworkError. `own`: indices of the account's links in the host. */
export async function refuseTakenPrefixes(
  connection: Connection,
  adding: readonly PlannedRoute[],
  own: ReadonlySet<number>,
): Promise<void> {
  for (const version of [4, 6] as const) {
    const wanted = adding.map(({ prefix }) => prefix).filter(({ network }) => network.family === version);
    if (wanted.length === 0) continue;
    for (const { protocol, interface: index, destination: network, prefixLength: length } of await mainRoutes(
      connection,
      version,
      0,
    )) {
      if (protocol !== RTPROT_RAMPART || index === undefined || own.has(index)) continue;
      const taken = wanted.find(prefix => overlaps(prefix, { network, length }));
      if (taken !== undefined) throw await takenPrefix(connection, taken, { network, length }, index);
    }
  }
}

function overlaps(a: Prefix, b: Prefix): boolean {
  return containsPrefix(a, b) || containsPrefix(b, a);
}

async function takenPrefix(
  connection: Connection,
  wanted: Prefix,
  taken: Prefix,
  index: number,
): Promise<NetworkError> {
  const [link] = (await connection.request(getLink({ index }))).map(decodeLink);
  const account = / account=(\S+) /.exec(link?.alias ?? '')?.[1];
  const whose = account === undefined ? 'another account' : `account ${account}`;
  const which = printPrefix(wanted) === printPrefix(taken) ? '' : `, which overlaps ${printPrefix(wanted)},`;
  return new NetworkError(
    'network.prefix-taken',
    `the host routes ${printPrefix(taken)}${which} to ${whose}`,
    'let each address belong to one account: take the prefix out of one of the two documents',
  );
}
