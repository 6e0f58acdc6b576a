// A namespace made anew for each test of a file, with an enforcement in it: closed and removed after the test.

import { createNamespace, deleteNamespace } from '../../src/netns/namespace';
import { destroy } from '../../src/reconcile/destroy';
import { type Enforcement, enforce } from '../../src/reconcile/enforcement';
import { TEST_CACHE } from './object-cache';

export interface EnforcedNamespace {
  readonly target: { readonly namespace: string };
  /** The enforcement is closed, and another one takes its place, as of another process. */
  restart(): void;
}

/** Declares the hooks; `use` is given each enforcement. */
export function enforcedNamespace(purpose: string, use: (enforcement: Enforcement) => void): EnforcedNamespace {
  const target = { namespace: `rampart-test-${purpose}-${process.pid}` };
  let enforcement: Enforcement;
  const start = () => {
    enforcement = enforce(target, TEST_CACHE);
    use(enforcement);
  };
  beforeEach(() => {
    createNamespace(target.namespace);
    start();
  });
  afterEach(async () => {
    enforcement.close();
    await destroy(target);
    deleteNamespace(target.namespace);
  });
  return {
    target,
    restart() {
      enforcement.close();
      start();
    },
  };
}
