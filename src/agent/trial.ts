// Trying an account on the kernel without putting it into force, also where it has no namespace yet.

import type { ObjectCache } from '../backend/ebpf/object-cache';
import { createNamespace, deleteNamespace, namespaceExists } from '../netns/namespace';
import { type Names, namespaceName } from '../network/names';
import type { Plan } from '../plan';
import { type DryRun, dryRun } from '../reconcile/dry-run';

/** No account can be called so. */
const TRIAL = '~trial';

/** In an empty namespace, made for it. One at a time. */
export async function tryInEmptyNamespace(plan: Plan, names: Names, cache: ObjectCache): Promise<DryRun> {
  const namespace = namespaceName(names, TRIAL);
  removeTrial(names);
  createNamespace(namespace);
  try {
    return await dryRun(plan, { namespace }, cache);
  } finally {
    deleteNamespace(namespace);
  }
}

/** What a process that was killed meanwhile has left. */
export function removeTrial(names: Names): void {
  const namespace = namespaceName(names, TRIAL);
  if (namespaceExists(namespace)) deleteNamespace(namespace);
}
