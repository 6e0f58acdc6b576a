// An agent that has no file descriptor left loses nothing: what is in force stays, the status says why the rest is not, and
// it comes into force when there are descriptors again.

import { realmOf, removeRealm } from './agent-events';
import { documentText } from './documents';
import { type AgentProcess, startProcess } from './start-process';

const REALM = realmOf('descriptors');
const ACCOUNTS = Array.from({ length: 30 }, (_, each) => `a${each}`);

let agent: AgentProcess;

afterEach(async () => {
  await agent.kill();
  await removeRealm(REALM);
});

test('accounts wait for descriptors, and come into force when there are some', async () => {
  const quick = { realm: REALM, backoff: { first: 20, most: 200, jitter: 0.2 } };
  // Some 25 are Node's own; an account takes two and more.
  agent = startProcess(quick, { limit: 300, held: 240 });
  for (const account of ACCOUNTS) agent.put(documentText(account, { web: 'tcp.dstport == 80' }), 1);
  const failed = new Set<string>();
  const inForce = new Set<string>();
  for await (const event of agent.events) {
    if (event.kind === 'failed') {
      expect(event.error).toMatchObject({ code: 'EMFILE', cure: expect.stringContaining('LimitNOFILE') });
      if (failed.size === 0) agent.release();
      failed.add(event.account);
    }
    if (event.kind === 'in_force') inForce.add(event.account);
    if (inForce.size === ACCOUNTS.length) break;
  }
  expect(failed.size).toBeGreaterThan(0);
  expect([...inForce].sort()).toEqual([...ACCOUNTS].sort());
});
