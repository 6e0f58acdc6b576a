// Two agents of one realm would sweep each other's accounts: on one host there is one.

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { lockRealm, type RealmLock } from '../../src/daemon/realm-lock';
import { createNamespace, deleteNamespace } from '../../src/netns/namespace';

const REALM = `rampart-test-lock-${process.pid}`;
const HOSTS = [`${REALM}-a`, `${REALM}-b`] as const;
const host = { namespace: HOSTS[0] };

let path: string;
let locks: RealmLock[];

beforeEach(() => {
  locks = [];
  for (const name of HOSTS) createNamespace(name);
  path = `/run/rampart/${REALM}.${statSync(`/run/netns/${HOSTS[0]}`).ino}.lock`;
});

afterEach(() => {
  for (const lock of locks) lock.release();
  for (const name of HOSTS) deleteNamespace(name);
  rmSync(path, { force: true });
});

function lock(realm: string, where: { readonly namespace: string | undefined }): void {
  locks.push(lockRealm({ realm, host: where }));
}

test('a second agent is refused, and told who has the realm', () => {
  lock(REALM, host);
  expect(() => lock(REALM, host)).toThrow(
    expect.objectContaining({
      code: 'daemon.realm-taken',
      message: `realm ${REALM} is kept by process ${process.pid}`,
      cure: 'stop that process, or name another realm with --realm',
    }),
  );
  expect(readFileSync(path, 'utf8').trim()).toBe(String(process.pid));
});

test.each([
  ['of another realm', `${REALM}-2`, host],
  ['whose host is another network namespace', REALM, { namespace: HOSTS[1] }],
  ['whose host is the namespace of the process', REALM, { namespace: undefined }],
])('one %s is not', (_, realm, where) => {
  lock(REALM, host);
  expect(() => lock(realm, where)).not.toThrow();
});

test('given up it leaves nothing, and the next one may have it; giving it up twice is harmless', () => {
  lock(REALM, host);
  locks[0]?.release();
  expect(existsSync(path)).toBe(false);
  lock(REALM, host);
  locks[0]?.release();
  expect(() => lock(REALM, host)).toThrow(`realm ${REALM} is kept by process ${process.pid}`);
});

test('what a killed agent left keeps nobody out', () => {
  writeFileSync(path, '4194304   \n');
  lock(REALM, host);
  expect(readFileSync(path, 'utf8')).toBe(`${String(process.pid).padEnd(10)}\n`);
});
