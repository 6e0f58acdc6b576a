// Accounts of the network's tests: documents as text, put in force as an agent does it.

import type { Account } from '../../src/account/account';
import { parseAccount } from '../../src/account/parse-account';
import { compile } from '../../src/compile';
import { namespaceExists } from '../../src/netns/namespace';
import { type Network, openNetwork } from '../../src/network/network';
import { joinChanges, type NetworkChange } from '../../src/network/network-change';
import { networkPlan } from '../../src/network/plan';
import { removeNetwork } from '../../src/network/remove';
import type { TunnelState } from '../../src/network/tunnel-state';
import { apply } from '../../src/reconcile/apply';
import { destroy } from '../../src/reconcile/destroy';
import { TEST_CACHE } from '../kernel/object-cache';
import type { World } from './world';

/** `text` without account and rules, which are acme and none where it does not give some. */
export function accountOf(text: string, rules = '[]', account = 'acme'): Account {
  const reading = parseAccount(`account: ${account}\nrules: ${rules}\n${text}`);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems, null, 2));
  return reading.account;
}

export interface Raised {
  readonly network: Network;
  /** Namespace, rules, links and routes, in this order; what the network's two halves changed. */
  put(account: Account, states?: ReadonlyMap<string, TunnelState>): Promise<NetworkChange>;
  /** All of it, and closes. */
  remove(): Promise<NetworkChange>;
  close(): void;
}

export function raise(world: World, first: Account): Raised {
  const network = openNetwork(world.names, first, world.host);
  return {
    network,
    async put(account, states = new Map()) {
      const plan = networkPlan(account, world.names, states);
      const prepared = await network.prepare(plan);
      const compiled = compile(account);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
      await apply(compiled.value, network.target, TEST_CACHE);
      return joinChanges([prepared, await network.apply(plan)]);
    },
    async remove() {
      network.close();
      const { namespace } = network.target;
      if (namespace === undefined || namespaceExists(namespace)) await destroy(network.target);
      return removeNetwork(world.names, first, world.host);
    },
    close: () => network.close(),
  };
}
