// An account's network taken away, and nothing else: what the host routes to it first, then its links, what is ours in a
// namespace that stays, and its own namespace. What is gone already is content, so that a killed run is run again.

import type { Account } from '../account/account';
import { decodeLink, dumpLinks, type Link } from '../netlink/route/link';
import { deleteNamespace, namespaceExists } from '../netns/namespace';
import { connect, type Target } from '../reconcile/target';
import { type Place, readInside } from './actual';
import { removeTables } from './apply-table';
import { type Host, openRouteConnection } from './host';
import { layerSteps } from './layer-difference';
import { hostLinkName, isUnmarked, type Names, namespaceName, parseAlias, printAlias } from './names';
import { joinChanges, type NetworkChange, networkChange } from './network-change';
import { isRemovable } from './own-namespace';
import type { PlacePlan } from './plan';
import { sendLayerStep, sendLinkStep } from './send-step';
import { changeOf, type LinkStep } from './step';

type Owner = Pick<Account, 'account' | 'namespace'>;

const NOTHING: PlacePlan = { settings: [], addresses: [], neighbours: [], fdb: [], routes: [] };

/**
 * The account's rules are not touched, but for those in a namespace of its own. Its Network must be closed: what that has
 * open owns tables, and keeps a namespace alive. Twice is harmless.
 */
export async function removeNetwork(names: Names, owner: Owner, host: Host): Promise<NetworkChange> {
  const outside = await removeOutside(names, owner, host);
  const { account, namespace } = owner;
  if (namespace.kind === 'host') return joinChanges([outside, await removeInside(names, owner, host)]);
  const name = namespace.kind === 'own' ? namespaceName(names, account) : namespace.name;
  if (!namespaceExists(name)) return outside;
  if (namespace.kind === 'own' && !(await isRemovable({ kind: 'own', name, alias: markOf(names, account) })))
    return outside;
  const connection = openRouteConnection({ namespace: name });
  try {
    const inside = await removeInside(names, owner, { target: { namespace: name }, connection });
    if (namespace.kind === 'existing') return joinChanges([outside, inside]);
    deleteNamespace(name);
    return joinChanges([outside, inside, networkChange({ removed: [`namespace ${name}`] })]);
  } finally {
    connection.close();
  }
}

function markOf(names: Names, account: string): string {
  return printAlias(names, { account, link: 'lo' });
}

/** The link to the account, with the host's routes by it, and tunnels that a killed run did not move. */
async function removeOutside(names: Names, { account, namespace }: Owner, host: Host): Promise<NetworkChange> {
  const uplink = hostLinkName(names, account);
  const links = (await host.connection.dump(dumpLinks())).map(decodeLink);
  const isLeft = (link: Link) => {
    const mark = parseAlias(names, link.alias);
    if (link.name === uplink || isUnmarked(names, account, link)) return true;
    return namespace.kind !== 'host' && mark?.account === account;
  };
  return removeLinks(links.filter(isLeft), 'outside', host);
}

async function removeInside(names: Names, owner: Owner, place: Place): Promise<NetworkChange> {
  const { account } = owner;
  const actual = await readInside(place, NOTHING, names, owner);
  const layers = layerSteps('inside', NOTHING, [], actual);
  const indices = new Map(actual.links.map(({ name, index }) => [name, index]));
  for (const step of layers) await sendLayerStep(step, place, indices);
  const ours = actual.links.filter(({ alias }) => {
    const mark = parseAlias(names, alias);
    return mark?.account === account && mark.link !== 'lo';
  });
  const links = await removeLinks(ours, 'inside', place);
  const isWhole = owner.namespace.kind === 'own';
  return joinChanges([changeOf(layers), links, isWhole ? networkChange() : await removeTablesOf(place.target)]);
}

async function removeLinks(links: readonly Link[], side: 'inside' | 'outside', place: Place): Promise<NetworkChange> {
  const steps = links.map(({ name, index }): LinkStep => ({ kind: 'remove-link', side, name, index }));
  for (const step of steps) await sendLinkStep(step, { inside: place, outside: place });
  return changeOf(steps);
}

async function removeTablesOf(target: Target): Promise<NetworkChange> {
  const netfilter = connect(target);
  try {
    return await removeTables(netfilter);
  } finally {
    netfilter.close();
  }
}
