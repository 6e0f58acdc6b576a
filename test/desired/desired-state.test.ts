// What is desired, where things happen at the same time.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DEFAULT_AGENT_SETTINGS } from '../../src/agent/agent-settings';
import { DEFAULT_OPTIONS } from '../../src/compile';
import { DesiredState } from '../../src/desired/desired-state';
import { openFileStore } from '../../src/store/file-store';
import type { Store } from '../../src/store/store';
import { realmOf, removeRealm, startWatched, type Watched } from '../agent/agent-events';

const REALM = realmOf('desired');
const folder = mkdtempSync(join(tmpdir(), `${REALM}-`));
let store: Store;
let watched: Watched;
let desired: DesiredState;
/** The store writes when this is open. */
let gate: Promise<void> = Promise.resolve();

beforeEach(async () => {
  store = await openFileStore(join(folder, 'data'));
  watched = startWatched(REALM);
  const put: Store['put'] = async (record, added) => {
    await gate;
    return store.put(record, added);
  };
  const { backoff } = DEFAULT_AGENT_SETTINGS;
  const options = {
    agent: watched.agent,
    compile: DEFAULT_OPTIONS,
    keptVersions: 5,
    backoff,
    names: { realm: REALM },
    tell: () => undefined,
  };
  desired = new DesiredState({ ...options, store: { ...store, put } }, []);
});

afterEach(async () => {
  await watched.agent.close();
  await desired.close();
  store.close();
  await removeRealm(REALM);
  rmSync(join(folder, 'data'), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a deadline that passes while a change waits takes back nothing but its own version', async () => {
  await desired.put('acme', document(1));
  const { confirmBy } = await desired.put('acme', document(2), 4000);
  let open = (): void => undefined;
  gate = new Promise(resolve => {
    open = resolve;
  });
  const rolledBack = desired.rollback('acme');
  const put = desired.put('acme', document(3), 600_000);
  // Until its timer has run.
  await setTimeout(Number(confirmBy) - Date.now() + 100);
  open();
  expect(await rolledBack).toMatchObject({ version: 1 });
  expect(await put).toMatchObject({ version: 3, previous: 1, outcome: { kind: 'in_force' } });
  expect(await desired.confirm('acme')).toMatchObject({ version: 3 });
});

test('an account that is put while it is removed stays', async () => {
  await desired.put('acme', document(1));
  const [removal, put] = await Promise.all([desired.remove('acme'), desired.put('acme', document(2))]);
  // Whichever was faster.
  expect(['removed', 'superseded']).toContain(removal.kind);
  expect(put).toMatchObject({ version: 2, outcome: { kind: 'in_force' } });
  expect(watched.agent.status('acme')).toMatchObject({ state: 'in_force', applied: 2 });
  expect(await store.record('acme')).toMatchObject({ desired: 2 });
});

test('of two changes at the same time one waits to be confirmed, and the other is refused', async () => {
  await desired.put('acme', document(1));
  const changes = [desired.put('acme', document(2), 600_000), desired.put('acme', document(3), 600_000)];
  const [first, second] = await Promise.allSettled(changes);
  expect(first).toMatchObject({ status: 'fulfilled', value: { version: 2 } });
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'confirmation.pending' } });
});

function document(ttl: number) {
  const rules = [{ ref: 'ttl', expression: `ip.ttl == ${ttl}`, action: 'block' }];
  return { source: 'acme.yaml', text: JSON.stringify({ account: 'acme', rules }) };
}
