// Whose a namespace is that more than one account is bound to: it has one set of tables, and so one account's rules.

import { statSync } from 'node:fs';
import type { AccountNamespace } from '../account/account';
import { namespacePath } from '../netns/namespace';
import { readCounters } from '../reconcile/counters';
import type { Target } from '../reconcile/target';

export interface Tenant {
  readonly account: string;
  /** Whether it is open: its rules are there, or about to be. */
  readonly isThere: boolean;
}

export class NamespaceTakenError extends Error {
  override readonly name = 'NamespaceTakenError';
  readonly code = 'account.namespace-taken';
  readonly cure = 'let each account have a namespace of its own, or put all the rules into one document';

  constructor({ namespace }: Target, holder: string) {
    const what = namespace === undefined ? 'the host’s network namespace' : `network namespace ${namespace}`;
    super(`${what} has the rules of account ${holder}, and can have no other’s beside them`);
  }
}

/**
 * Throws NamespaceTakenError where one of the `others`, which are bound to it too, has it: the one that is there; else the
 * one whose rules an agent before this one has left there; else the first by name.
 */
export async function refuseTaken(account: string, target: Target, others: readonly Tenant[]): Promise<void> {
  if (others.length === 0) return;
  const there = others.find(({ isThere }) => isThere)?.account;
  const holder = there ?? (await holderOf(account, target, others));
  if (holder !== account) throw new NamespaceTakenError(target, holder);
}

async function holderOf(account: string, target: Target, others: readonly Tenant[]): Promise<string> {
  const all = [account, ...others.map(other => other.account)].sort();
  const marked = (await readCounters(target)).policy?.account;
  return all.find(each => each === marked) ?? all[0] ?? account;
}

export interface Bound {
  readonly namespace: AccountNamespace;
  readonly target: Target;
}

/** By name, or by two names of one namespace. Those of accounts' own are known by their names alone. */
export function isSameNamespace(a: Bound, b: Bound): boolean {
  if (a.target.namespace === b.target.namespace) return true;
  if (a.namespace.kind === 'own' || b.namespace.kind === 'own') return false;
  const inode = inodeOf(a.target);
  return inode !== undefined && inode === inodeOf(b.target);
}

/** undefined where there is none. */
export function inodeOf({ namespace }: Target): number | undefined {
  const file = namespace === undefined ? '/proc/self/ns/net' : namespacePath(namespace);
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
