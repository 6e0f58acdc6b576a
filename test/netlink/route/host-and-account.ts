// Two namespaces of one test file, the host's and an account's, with a connection in each.

import { closeSync, openSync } from 'node:fs';
import type { Connection } from '../../../src/netlink/connection';
import { makeNamespace, type TestNamespace } from '../namespace';

export interface HostAndAccount {
  readonly outside: TestNamespace;
  readonly inside: TestNamespace;
  readonly host: Connection;
  readonly account: Connection;
  /** Of the account's namespace. */
  readonly insideFd: number;
}

/** Declares the hooks; `use` is given them before the tests. */
export function hostAndAccount(purpose: string, use: (made: HostAndAccount) => void): void {
  let made: HostAndAccount;
  beforeAll(() => {
    const outside = makeNamespace(`${purpose}-outside`);
    const inside = makeNamespace(`${purpose}-inside`);
    const [host, account] = [outside.connect('route'), inside.connect('route')];
    made = { outside, inside, host, account, insideFd: openSync(inside.path, 'r') };
    use(made);
  });
  afterAll(() => {
    closeSync(made.insideFd);
    made.outside.remove();
    made.inside.remove();
  });
}
