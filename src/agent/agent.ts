// The agent: keeps many accounts on a host as they are desired, each by a loop of its own, repairs what others change, and
// says how each account stands. What is desired it is told; where that is kept durably is not its matter.

import type { Account } from '../account/account';
import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { CompileOptions } from '../compile';
import type { Counters } from '../reconcile/counters';
import type { DryRun } from '../reconcile/dry-run';
import type { AccountStatus } from './account-status';
import type { AgentEvent } from './agent-event';
import type { AgentSettings } from './agent-settings';
import type { Desired, PutOutcome, RemoveOutcome } from './desired';
import { Keeper } from './keeper';
import { watchNamespaces } from './namespace-watch';
import { removeTrial } from './trial';
import { Turnstile } from './turnstile';

export interface Agent {
  /** Resolves after the first attempt. The same again is harmless, and confirms what had `confirmBy` when it has none. */
  put(desired: Desired): Promise<PutOutcome>;
  /** Takes away all that is the account's and nothing else. An account that nobody knows is none to remove: undefined. */
  remove(id: string): Promise<RemoveOutcome | undefined>;
  /** What putting it would change, and what of it would be refused. Rejects with RefusedRulesError. Changes nothing. */
  dryRun(account: Account): Promise<DryRun>;
  /** What its rules have counted, as the kernel has it; undefined where it has nothing of the account. */
  counters(id: string): Promise<Counters | undefined>;
  status(id: string): AccountStatus | undefined;
  /** Of all accounts, by name. */
  statuses(): readonly AccountStatus[];
  /** The kernel goes on filtering. Resolves when the work under way has ended. */
  close(): Promise<void>;
}

export interface AgentOptions {
  readonly settings: AgentSettings;
  readonly compile: CompileOptions;
  readonly cache: ObjectCache;
  /** All accounts there are to be: objects of others, of the same realm, are swept. */
  readonly desired: Iterable<Desired>;
  readonly tell: (event: AgentEvent) => void;
}

/** Adopts what the kernel has of the desired accounts; nothing begins anew. Work begins at once, and goes on after this. */
export function startAgent({ settings, compile: options, cache, desired, tell }: AgentOptions): Agent {
  const around = { settings, options, cache, tell, turnstile: new Turnstile(settings.concurrency) };
  const keepers = new Map<string, Keeper>();
  const keeperOf = (id: string): Keeper => {
    const known = keepers.get(id);
    if (known !== undefined) return known;
    const keeper = new Keeper(id, around, () => keepers.delete(id));
    keepers.set(id, keeper);
    return keeper;
  };
  const put = (wanted: Desired) => keeperOf(wanted.account.account).put(wanted);
  for (const each of desired) void put(each);
  removeTrial(settings);
  /** One at a time: there is one namespace for them. */
  let trials: Promise<unknown> = Promise.resolve();
  const namespaces = watchNamespaces(settings.verifyEvery, name => {
    for (const keeper of keepers.values()) keeper.suspectNamespace(name);
  });
  return {
    put,
    async dryRun(account) {
      const keeper = keepers.get(account.account) ?? new Keeper(account.account, around, () => undefined);
      const turn = trials.then(() => keeper.dryRun(account));
      trials = turn.catch(() => undefined);
      return turn;
    },
    remove: async id => keepers.get(id)?.remove(),
    counters: async id => keepers.get(id)?.counters(),
    status: id => keepers.get(id)?.status(),
    statuses: () => [...keepers.keys()].sort().flatMap(id => keepers.get(id)?.status() ?? []),
    async close() {
      namespaces.close();
      await Promise.all([...keepers.values()].map(keeper => keeper.close()));
    },
  };
}
