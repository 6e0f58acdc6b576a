// An account's network kept as planned: what is there is read, and what differs is sent. Every request may be the last of a
// killed process; the next run finds what is there by names and aliases, and goes on. Between the two halves of a change
// the account's rules are put into force: before them comes the namespace alone, behind them links and, last, the host's
// routes to the account. So no packet is in the namespace without its rules.

import { statSync } from 'node:fs';
import type { Account } from '../account/account';
import type { Connection } from '../netlink/connection';
import { namespaceExists, namespacePath } from '../netns/namespace';
import { connect, type Target } from '../reconcile/target';
import { type ActualPlace, readAstray, readInside, readOutside } from './actual';
import { applyTables, verifyTables } from './apply-table';
import { type Host, openRouteConnection } from './host';
import { layerSteps } from './layer-difference';
import { linkDifference } from './link-difference';
import { type Names, namespaceName } from './names';
import { joinChanges, type NetworkChange, networkChange } from './network-change';
import { NetworkError } from './network-error';
import { isMarked, makeNamespace } from './own-namespace';
import { packetTable } from './packet-table';
import type { NetworkPlan } from './plan';
import type { Places } from './send-step';
import { type How, type NetworkDifference, type Settled, settle } from './settle';
import { changeOf, type LayerStep } from './step';
import { statesInForce } from './tunnel-route';
import type { TunnelState } from './tunnel-state';

/** Nothing is read or sent yet. The caller closes it; the kernel goes on forwarding. */
export function openNetwork(names: Names, account: Pick<Account, 'account' | 'namespace'>, host: Host): Network {
  return new Network(names, account, host);
}

interface Inside {
  /** rtnetlink; the host's own connection where the account is there. */
  readonly route: Connection;
  readonly netfilter: Connection;
  /** Of the namespace's file. A namespace whose name is gone lives on in what is open in it. */
  readonly inode: number | undefined;
}

/** One call at a time. */
export class Network {
  readonly #names: Names;
  readonly #account: string;
  readonly #host: Host;
  /** Where the account's rules belong. */
  readonly target: Target;
  #inside: Inside | undefined;

  constructor(names: Names, { account, namespace }: Pick<Account, 'account' | 'namespace'>, host: Host) {
    this.#names = names;
    this.#account = account;
    this.#host = host;
    this.target =
      namespace.kind === 'host'
        ? host.target
        : { namespace: namespace.kind === 'own' ? namespaceName(names, account) : namespace.name };
  }

  /** Of what is open in the account's namespace: what events of its changes bear. */
  get portIds(): readonly number[] {
    return this.#inside === undefined ? [] : [this.#inside.route.portId, this.#inside.netfilter.portId];
  }

  /**
   * The first half, before the rules: the namespace, and the packet tables, which name links that need not be there.
   * Rejects with NetworkError or NamespaceError.
   */
  async prepare(plan: NetworkPlan): Promise<NetworkChange> {
    const { place } = plan;
    const made = place.kind === 'own' && (await makeNamespace(place, this.#names, this.#account));
    const { netfilter } = this.#open();
    return joinChanges([
      networkChange(made ? { added: [`namespace ${place.name}`] } : {}),
      await applyTables(netfilter, tablesOf(plan)),
    ]);
  }

  /**
   * The second half, when the rules are in force. Rejects with NetworkError where something foreign is in the way, and where
   * the namespace is another one than was prepared.
   */
  async apply(plan: NetworkPlan): Promise<NetworkChange> {
    const { change, failure } = await this.#settle(plan, 'all');
    if (failure !== undefined) throw failure.error;
    return change;
  }

  /**
   * Both halves, of what others have changed while the rules are in force. What is in the way of one part does not keep the
   * others from being put right.
   */
  async restore(plan: NetworkPlan): Promise<Settled> {
    const { place } = plan;
    const { route, netfilter } = this.#open();
    const unmarked = place.kind === 'own' && !(await isMarked(place, route));
    const tables = await verifyTables(netfilter, tablesOf(plan));
    if (unmarked || !tables.none) await this.prepare(plan);
    const { change, failure } = await this.#settle(plan, 'what can be');
    const marked = networkChange(unmarked ? { changed: [`namespace ${place.name}`] } : {});
    return { change: joinChanges([marked, tables, change]), ...(failure && { failure }) };
  }

  /** What prepare() and apply() would change. */
  async verify(plan: NetworkPlan): Promise<NetworkChange> {
    const { place } = plan;
    if (place.kind !== 'host' && !namespaceExists(place.name))
      return networkChange({ added: [`namespace ${place.name}`] });
    const { route, netfilter } = this.#open();
    const unmarked = place.kind === 'own' && !(await isMarked(place, route));
    const { links, layers, inTheWay } = await this.#difference(plan, this.#places());
    if (inTheWay[0] !== undefined) throw inTheWay[0].error;
    return joinChanges([
      networkChange(unmarked ? { changed: [`namespace ${place.name}`] } : {}),
      await verifyTables(netfilter, tablesOf(plan)),
      changeOf([...links, ...layers]),
    ]);
  }

  /** The states of tunnels by which routes were put here before; of those that no route tells of, none. */
  async statesInForce(account: Account): Promise<ReadonlyMap<string, TunnelState>> {
    const nothing = { settings: [], addresses: [], neighbours: [], fdb: [], routes: [] };
    const { routes } = await readInside(this.#places().inside, nothing, this.#names, account);
    return statesInForce(account, routes);
  }

  close(): void {
    const inside = this.#inside;
    this.#inside = undefined;
    inside?.netfilter.close();
    if (inside !== undefined && inside.route !== this.#host.connection) inside.route.close();
  }

  #open(): Inside {
    const inode = inodeOf(this.target);
    if (this.#inside !== undefined && this.#inside.inode === inode) return this.#inside;
    this.close();
    const netfilter = connect(this.target);
    try {
      const route = this.target === this.#host.target ? this.#host.connection : openRouteConnection(this.target);
      this.#inside = { route, netfilter, inode };
      return this.#inside;
    } catch (error) {
      netfilter.close();
      throw error;
    }
  }

  #places(): Places {
    const { target, connection } = this.#host;
    return { inside: { target: this.target, connection: this.#open().route }, outside: { target, connection } };
  }

  #settle(plan: NetworkPlan, how: How): Promise<Settled> {
    if (this.#inside?.inode !== inodeOf(this.target) || this.#inside === undefined) throw unprepared(plan);
    const read = (places: Places) => this.#difference(plan, places);
    return settle(this.#account, how, () => this.#places(), read);
  }

  async #difference(plan: NetworkPlan, places: Places): Promise<NetworkDifference> {
    const inside = await readInside(places.inside, plan.inside, this.#names, plan);
    const outside = await readOutside(places.outside, plan.outside, outsideLinks(plan));
    const [removals, rest] = partition(layerSteps('outside', plan.outside, upOutside(plan), outside), isRemoval);
    const astray = await readAstray(places.outside, plan, inside.links);
    const links = linkDifference(plan, this.#names, { inside, outside, astray });
    return {
      ...links,
      layers: [...removals, ...layerSteps('inside', plan.inside, upInside(plan), inside), ...rest],
      indices: { inside: indicesOf(inside), outside: indicesOf(outside) },
    };
  }
}

function tablesOf(plan: NetworkPlan) {
  return [packetTable('ip', plan), packetTable('ip6', plan)];
}

function outsideLinks({ uplink, tunnels }: NetworkPlan): readonly string[] {
  return [...(uplink === undefined ? [] : [uplink.host.name]), ...tunnels.map(({ unmovedName }) => unmovedName)];
}

function upInside({ uplink, tunnels }: NetworkPlan): readonly string[] {
  return [...tunnels.map(({ name }) => name), ...(uplink === undefined ? [] : [uplink.account.name])];
}

function upOutside({ uplink }: NetworkPlan): readonly string[] {
  return uplink === undefined ? [] : [uplink.host.name];
}

function indicesOf({ links }: ActualPlace): ReadonlyMap<string, number> {
  return new Map(links.map(({ name, index }) => [name, index]));
}

function isRemoval({ kind }: LayerStep): boolean {
  return kind === 'remove-route';
}

function partition<T>(all: readonly T[], holds: (each: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(holds), all.filter(each => !holds(each))];
}

function inodeOf({ namespace }: Target): number | undefined {
  if (namespace === undefined) return undefined;
  return statSync(namespacePath(namespace), { throwIfNoEntry: false })?.ino;
}

function unprepared({ account, place }: NetworkPlan): NetworkError {
  const what = place.kind === 'host' ? 'the network' : `network namespace ${place.name}`;
  return new NetworkError(
    'network.unprepared',
    `${what} is not the one that was prepared for account ${account}: it may have been deleted meanwhile`,
    'prepare it, put the rules into force in it, and apply then',
  );
}
