// What is kept open in the namespace that an account is filtered in: the rules' connection, the network's, and subscriptions
// to what others do. A namespace whose name was deleted lives on in these, and so it is the file that is looked at.

import type { Account, AccountNamespace } from '../account/account';
import type { Subscription } from '../netlink/subscription';
import { namespaceExists } from '../netns/namespace';
import { type Names, namespaceName } from '../network/names';
import { type Network, openNetwork } from '../network/network';
import type { NetworkPlan } from '../network/plan';
import { type Enforcement, enforce } from '../reconcile/enforcement';
import type { Target } from '../reconcile/target';
import { networkWords } from './change-words';
import { watchLinks } from './link-watch';
import { inodeOf } from './namespace-tenant';
import { watchRules } from './rule-watch';
import type { Sign } from './sign';
import type { Surroundings } from './surroundings';

export interface Place {
  readonly namespace: AccountNamespace;
  readonly target: Target;
  readonly network: Network;
  readonly enforcement: Enforcement;
  readonly watches: readonly Subscription[];
  /** Of the namespace. No other one has it while this is open. */
  readonly inode: number | undefined;
}

export interface Opened {
  readonly place: Place;
  /** What had to be made for it, in words. */
  readonly changes: readonly string[];
}

/** Makes a namespace of the account's own where it is not there. Rejects with NamespaceError, NetworkError. */
export async function openPlace(
  { account, namespace }: Pick<Account, 'account' | 'namespace'>,
  plan: NetworkPlan,
  { names, host, cache, settings }: Surroundings,
  on: (sign: Sign) => void,
): Promise<Opened> {
  const network = openNetwork(names, { account, namespace }, host);
  const open: { close(): void }[] = [network];
  try {
    const changes = networkWords(await network.prepare(plan));
    const { target } = network;
    // Looked at first: were the name given to another namespace in between, isGone() would tell.
    const inode = inodeOf(target);
    const enforcement = enforce(target, cache);
    open.push(enforcement);
    const isOwn = (port: number) =>
      port === enforcement.portId || port === host.connection.portId || network.portIds.includes(port);
    const watches: Subscription[] = [];
    for (const watch of [watchRules, watchLinks]) {
      const subscription = watch(target, settings.eventBuffer, isOwn, on);
      open.push(subscription);
      watches.push(subscription);
      subscription.ended.catch(() => on({ kind: 'deaf' }));
    }
    return { place: { namespace, target, network, enforcement, watches, inode }, changes };
  } catch (error) {
    for (const each of open) each.close();
    throw error;
  }
}

/** The kernel goes on filtering and forwarding. */
export function closePlace({ network, enforcement, watches }: Place): void {
  for (const each of [...watches, enforcement, network]) each.close();
}

/** Whether the name is deleted, or another namespace's by now. */
export function isGone({ target, inode }: Place): boolean {
  return inodeOf(target) !== inode;
}

export function targetOf(names: Names, host: Target, account: string, namespace: AccountNamespace): Target {
  switch (namespace.kind) {
    case 'own':
      return { namespace: namespaceName(names, account) };
    case 'existing':
      return { namespace: namespace.name };
    case 'host':
      return host;
  }
}

export function isThere({ namespace }: Target): boolean {
  return namespace === undefined || namespaceExists(namespace);
}
