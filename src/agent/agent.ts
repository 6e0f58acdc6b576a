// The agent: keeps many accounts on a host as they are desired, each by a loop of its own, repairs what others change, and
// says how each account stands. What is desired it is told; where that is kept durably is not its matter.

import type { Account, AccountNamespace } from '../account/account';
import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { CompileOptions } from '../compile';
import { internetAnswers } from '../health/internet-answers';
import { samePrefix } from '../net/prefix';
import { linkAt } from '../network/actual';
import { closeHost, openHost } from '../network/host';
import type { FoundAccount } from '../network/list-accounts';
import { parseAlias } from '../network/names';
import type { Counters } from '../reconcile/counters';
import type { DryRun } from '../reconcile/dry-run';
import type { AccountStatus } from './account-status';
import type { AgentEvent } from './agent-event';
import type { AgentSettings } from './agent-settings';
import type { Desired, PutOutcome, RemoveOutcome, Unreadable } from './desired';
import { Keeper } from './keeper';
import { keepSubscribed } from './kept-subscription';
import { type HostSign, watchHost } from './link-watch';
import { watchNamespaces } from './namespace-watch';
import type { Surroundings } from './surroundings';
import { sweepWhenRead } from './sweep';
import { removeTrial } from './trial';
import { Turnstile } from './turnstile';

export interface Agent {
  /** Resolves after the first attempt. The same again is harmless, and confirms what had `confirmBy` when it has none. */
  put(desired: Desired): Promise<PutOutcome>;
  /** What the kernel has of it stays, and its status says why, until something is put or it is removed. */
  hold(unreadable: Unreadable): void;
  /** Takes away all that is the account's and nothing else; also what an agent before this one left of it. */
  remove(id: string, alsoIn?: readonly AccountNamespace[]): Promise<RemoveOutcome>;
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
  /** Accounts that there are to be as well. */
  readonly unreadable?: Iterable<Unreadable>;
  /** False: there may be others, which nobody could read. Then nothing is swept. */
  readonly isWhole?: boolean;
  readonly tell: (event: AgentEvent) => void;
}

/**
 * Adopts what the kernel has of the desired accounts; nothing begins anew. Work begins at once, and goes on after this.
 * Throws where the host's namespace cannot be entered.
 */
export function startAgent(agentOptions: AgentOptions): Agent {
  const { settings, compile: options, cache, desired, unreadable = [], isWhole = true, tell } = agentOptions;
  const [names, turnstile] = [{ realm: settings.realm }, new Turnstile(settings.concurrency)];
  const [host, answers] = [openHost(settings.host), internetAnswers(settings.host)];
  const keepers = new Map<string, Keeper>();
  const othersIn: Surroundings['othersIn'] = (account, bound) =>
    [...keepers.values()].flatMap(keeper => (keeper.account === account ? [] : (keeper.tenantOf(bound) ?? [])));
  const around: Surroundings = { settings, names, host, answers, options, cache, tell, turnstile, othersIn };
  removeTrial(names);

  function keeperOf(id: string, occupied?: readonly AccountNamespace[]): Keeper {
    const known = keepers.get(id);
    if (known !== undefined) return known;
    const keeper = new Keeper(id, around, () => keepers.delete(id), occupied);
    keepers.set(id, keeper);
    return keeper;
  }

  const put = (wanted: Desired) => keeperOf(wanted.account.account).put(wanted);
  const hold = (held: Unreadable) => keeperOf(held.account).hold(held);
  for (const each of unreadable) hold(each);
  const first = Promise.all(Array.from(desired, put));
  const watches = watchAll(around, keepers);
  const sweep = (found: FoundAccount) => {
    const keeper = keepers.get(found.account);
    if (keeper !== undefined) keeper.foundIn(found.namespaces);
    else void keeperOf(found.account, found.namespaces).remove('unwanted');
  };
  const isRead = () => isWhole && [...keepers.values()].every(keeper => keeper.isRead);
  void first.then(() => watches.push(sweepWhenRead(around, isRead, sweep)));
  /** One at a time: there is one namespace for them. */
  let trials: Promise<unknown> = Promise.resolve();

  return {
    put,
    hold,
    async dryRun(account) {
      const keeper = keepers.get(account.account) ?? new Keeper(account.account, around, () => undefined);
      const turn = trials.then(() => keeper.dryRun(account));
      trials = turn.catch(() => undefined);
      return turn;
    },
    remove: (id, alsoIn) => keeperOf(id).remove('asked', alsoIn),
    counters: async id => keepers.get(id)?.counters(),
    status: id => keepers.get(id)?.status(),
    statuses: () => [...keepers.keys()].sort().flatMap(id => keepers.get(id)?.status() ?? []),
    async close() {
      await Promise.all([...keepers.values()].map(keeper => keeper.close()));
      await first;
      await Promise.all(watches.map(each => each.close()));
      answers.close();
      closeHost(host);
    },
  };
}

/** Of a link of the host, by its alias. */
async function accountBehind({ host, names }: Surroundings, index: number): Promise<string | undefined> {
  const link = await linkAt(host.connection, { index });
  return parseAlias(names, link?.alias)?.account;
}

interface Closable {
  close(): void | Promise<void>;
}

/** What concerns more than one account: names of namespaces, and the host's links and routes. */
function watchAll(around: Surroundings, keepers: ReadonlyMap<string, Keeper>): Closable[] {
  const { settings, host, names } = around;
  const suspectAll = () => {
    for (const keeper of keepers.values()) keeper.suspect();
  };
  const suspectOne = (account = '') => keepers.get(account)?.suspect();
  const isOwn = (port: number) => port === host.connection.portId;
  const onHostSign = (sign: HostSign) => {
    if (sign.kind === 'lost') suspectAll();
    if (sign.kind === 'link') keepers.get(sign.account)?.suspect();
    if (sign.kind === 'device') void accountBehind(around, sign.index).then(suspectOne, suspectAll);
    if (sign.kind !== 'route') return;
    const { prefix } = sign;
    const isWanted = ({ prefixes }: Account) => prefixes.some(each => samePrefix(each, prefix));
    for (const keeper of keepers.values()) if (keeper.routesTo(isWanted)) keeper.suspect();
  };
  const openHostWatch = () => watchHost(host.target, names, settings.eventBuffer, isOwn, onHostSign);
  return [
    watchNamespaces(settings.verifyEvery, name => {
      for (const keeper of keepers.values()) keeper.suspectNamespace(name);
    }),
    keepSubscribed(openHostWatch, settings.backoff.most, suspectAll),
  ];
}
