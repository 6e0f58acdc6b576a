// A network namespace of one test file: made before its tests, removed after them, named after the process.

import { createNamespace, deleteNamespace } from '../../src/netns/namespace';

/** Declares the hooks and returns the name. */
export function ownNamespace(purpose: string): string {
  const name = `rampart-test-${purpose}-${process.pid}`;
  beforeAll(() => createNamespace(name));
  afterAll(() => deleteNamespace(name));
  return name;
}
