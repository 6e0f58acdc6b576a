// An account as the product makes it: a namespace, a veth pair from the host's into it, a table with a few rules.

import { closeSync, openSync } from 'node:fs';
import type { Connection } from '../src/netlink/connection';
import { openConnection } from '../src/netlink/connection';
import { createVeth, setLink } from '../src/netlink/route/link';
import { createNamespace, deleteNamespace, namespacePath } from '../src/netns/namespace';
import { type Enforcement, enforce } from '../src/reconcile/enforcement';
import { compiledPlan, compiledRuleset } from './compiled';
import { type ExactRule, exactRulesetText } from './exact-rules';
import { OBJECT_CACHE } from './place';

export interface Account {
  readonly namespace: string;
  readonly enforcement: Enforcement;
}

/** `host` is open in the namespace that has the other end of the pair, which is called as `device` says. */
export async function createAccount(
  host: Connection,
  namespace: string,
  device: string,
  rules: readonly ExactRule[],
): Promise<Account> {
  createNamespace(namespace);
  const netns = openSync(namespacePath(namespace), 'r');
  try {
    await host.request(createVeth({ name: device, peer: { name: 'uplink', netns } }));
  } finally {
    closeSync(netns);
  }
  await host.request(setLink({ name: device }, { up: true }));
  const inside = openConnection({ protocol: 'route', netns: namespacePath(namespace) });
  try {
    for (const name of ['uplink', 'lo']) await inside.request(setLink({ name }, { up: true }));
  } finally {
    inside.close();
  }
  const enforcement = enforce({ namespace }, OBJECT_CACHE);
  await enforcement.apply(compiledPlan(compiledRuleset(exactRulesetText(rules))));
  return { namespace, enforcement };
}

export function deleteAccount({ namespace, enforcement }: Account): void {
  enforcement.close();
  deleteNamespace(namespace);
}
