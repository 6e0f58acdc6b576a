// The agent's HTTP interface, asked over its socket: what it refuses, with which status, code and cure, and that no request
// makes it fail.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { type Daemon, startDaemon } from '../../src/daemon/daemon';
import { realmOf, removeRealm } from '../agent/agent-events';
import { type Answer, ask as askSocket } from '../daemon/ask';
import { settingsIn } from '../daemon/settings-in';

const REALM = realmOf('api');
const folder = mkdtempSync(join(tmpdir(), `${REALM}-`));
const socket = join(folder, 'agent.sock');
const BODY_LIMIT = 100_000;
const WEB = JSON.stringify({
  account: 'acme',
  rules: [{ ref: 'web', expression: 'tcp.dstport == 80', action: 'block' }],
});
const failures: unknown[] = [];
let daemon: Daemon;

beforeAll(async () => {
  const log = pino({ level: 'error' }, { write: line => failures.push(JSON.parse(line)) });
  daemon = await startDaemon({ ...settingsIn(folder, { realm: REALM }), bodyLimit: BODY_LIMIT }, log);
  expect(await ask('PUT', '/accounts/acme', WEB)).toMatchObject({
    status: 200,
    value: { version: 1, outcome: 'in_force' },
  });
});

afterAll(async () => {
  await daemon.close();
  await removeRealm(REALM);
  rmSync(folder, { recursive: true });
  // What answers 500 is logged.
  expect(failures).toEqual([]);
});

describe('what is refused', () => {
  const other = WEB.replace('acme', 'other');
  const cases: readonly (readonly [string, string, string, string | Uint8Array | undefined, number, string])[] = [
    ['a path that is none', 'GET', '/nothing', undefined, 404, 'request.no-resource'],
    ['a method that is none', 'PATCH', '/accounts/acme', '{}', 404, 'request.no-resource'],
    ['an account that is none', 'GET', '/accounts/other', undefined, 404, 'account.unknown'],
    ['counters of one', 'GET', '/accounts/other/counters', undefined, 404, 'account.unknown'],
    ['versions of one', 'GET', '/accounts/other/versions', undefined, 404, 'account.unknown'],
    ['removing one', 'DELETE', '/accounts/other', undefined, 404, 'account.unknown'],
    ['confirming one', 'POST', '/accounts/other/confirm', undefined, 404, 'account.unknown'],
    ['an id that cannot be one', 'GET', '/accounts/a%20b', undefined, 400, 'request.value'],
    ['an id that leads out of the folder', 'GET', '/accounts/..%2F..%2Fetc', undefined, 400, 'request.value'],
    ['an id that is cut short', 'GET', '/accounts/%E0%A4%A', undefined, 400, 'request.malformed'],
    ['an id of 65 characters', 'GET', `/accounts/${'a'.repeat(65)}`, undefined, 400, 'request.value'],
    ['a document of another account', 'PUT', '/accounts/acme', other, 422, 'account.differs'],
    ['no document', 'PUT', '/accounts/acme', undefined, 400, 'request.malformed'],
    ['one that is no YAML', 'PUT', '/accounts/acme', '{', 422, 'policy.syntax'],
    ['one that is no text', 'PUT', '/accounts/acme', Uint8Array.of(0xff, 0xfe, 0x00), 400, 'request.malformed'],
    ['one that says too little', 'PUT', '/accounts/acme', 'account: acme', 422, 'policy.missing'],
    ['an unknown key', 'PUT', '/accounts/acme', 'account: acme\nrules: []\nrulez: []', 422, 'policy.unknown-key'],
    ['an expression that is none', 'PUT', '/accounts/acme', WEB.replace('80', 'http'), 422, 'RF3001'],
    [
      'the prototype of all objects',
      'PUT',
      '/accounts/acme',
      '{"account": "acme", "rules": [], "__proto__": {}}',
      422,
      'policy.yaml-feature',
    ],
    ['brackets without end', 'PUT', '/accounts/acme', '['.repeat(50_000), 422, 'policy.syntax'],
    ['a body beyond the limit', 'PUT', '/accounts/acme', ' '.repeat(BODY_LIMIT + 1), 413, 'request.too-large'],
    ['a time without a unit', 'PUT', '/accounts/acme?confirm_within=60', WEB, 400, 'request.value'],
    ['a time that is over at once', 'PUT', '/accounts/acme?confirm_within=0s', WEB, 400, 'request.value'],
    ['a time of more than a day', 'PUT', '/accounts/acme?confirm_within=25h', WEB, 400, 'request.value'],
    ['two times', 'PUT', '/accounts/acme?confirm_within=1m&confirm_within=2m', WEB, 400, 'request.value'],
    ['a flag that is neither', 'PUT', '/accounts/acme?dry_run=1', WEB, 400, 'request.value'],
    ['an unknown option', 'PUT', '/accounts/acme?dryrun=true', WEB, 400, 'request.value'],
    ['a prototype as an option', 'PUT', '/accounts/acme?__proto__=1', WEB, 400, 'request.value'],
    ['confirming what does not wait', 'POST', '/accounts/acme/confirm', undefined, 409, 'confirmation.none'],
    ['back from the first version', 'POST', '/accounts/acme/rollback', undefined, 409, 'version.none-before'],
    ['back to what never was', 'POST', '/accounts/acme/rollback?version=9', undefined, 404, 'version.unknown'],
    ['back to no number', 'POST', '/accounts/acme/rollback?version=one', undefined, 400, 'request.value'],
    ['a version that never was', 'GET', '/accounts/acme/versions/9', undefined, 404, 'store.no-version'],
    ['a version that is no number', 'GET', '/accounts/acme/versions/1e3', undefined, 400, 'request.value'],
    ['a plan of another account', 'POST', '/accounts/acme/plan', other, 422, 'account.differs'],
    ['a plan of no effort', 'POST', '/accounts/acme/plan?budget=0', WEB, 400, 'request.value'],
    ['a plan without a document', 'POST', '/accounts/acme/plan', undefined, 400, 'request.malformed'],
  ];

  test.each(cases)('%s', async (_, method, path, body, status, code) => {
    const answer = await ask(method, path, body);
    expect({ status: answer.status, code: answer.value.errors?.[0]?.code }).toEqual({ status, code });
    expect(answer.value.errors[0]).toMatchObject({ message: expect.any(String), cure: expect.any(String) });
  });

  test('none of it has changed anything', async () => {
    expect((await ask('GET', '/accounts/acme')).value).toMatchObject({ state: 'in_force', desired: 1, versions: 1 });
    expect((await ask('GET', '/accounts')).value.accounts.map((each: { account: string }) => each.account)).toEqual([
      'acme',
    ]);
  });
});

test('an error has place, pointer, rule and carets', async () => {
  const text = 'account: acme\nrules:\n  - {ref: web, expression: tcp.dstport == http, action: block}\n';
  const { value } = await ask('PUT', '/accounts/acme?source=acme.yaml', text);
  expect(value.errors).toEqual([
    {
      code: 'RF3001',
      place: 'acme.yaml:3:43',
      path: '/rules/0/expression',
      rule: 'web',
      message: 'expected digit',
      cure: 'tcp.dstport is of type Int: write a number such as 80, -1 or 0x1f',
      details: 'tcp.dstport == http\n               ^^^^',
      expression: { kind: 'ExpectedName', line: 1, column: 16, length: 4 },
    },
  ]);
});

test('a version is given back as it was put', async () => {
  const text = `# with a comment\n${WEB}\n`;
  expect((await ask('PUT', '/accounts/acme', text)).value).toMatchObject({ version: 2, previous: 1 });
  expect((await ask('GET', '/accounts/acme/versions/2')).text).toBe(text);
  // The same text again is no new version.
  expect((await ask('PUT', '/accounts/acme', text)).value).toMatchObject({ version: 2, outcome: 'in_force' });
});

test('a dry run says what would change, and a plan which packets would be judged otherwise; neither is kept', async () => {
  const text = WEB.replace('80', '443');
  expect((await ask('PUT', '/accounts/acme?dry_run=true', text)).value).toMatchObject({
    difference: { changed: ['web'], added: [], removed: [], none: false },
    refusals: [],
  });
  const { value } = await ask('POST', '/accounts/acme/plan', text);
  expect(value.rules.changed).toMatchObject([
    { before: { expression: 'tcp.dstport == 80' }, after: { expression: 'tcp.dstport == 443' } },
  ]);
  expect(value.verdicts.changes.map(({ before, after }: { before: object; after: object }) => [before, after])).toEqual(
    expect.arrayContaining([
      [
        { ref: 'web', verdict: 'drop' },
        { ref: null, verdict: 'pass' },
      ],
    ]),
  );
  expect((await ask('GET', '/accounts/acme')).value).toMatchObject({ desired: 2, versions: 2 });
});

test('only the owner may open the socket', () => {
  expect((statSync(socket).mode & 0o777).toString(8)).toBe('600');
});

function ask(method: string, path: string, body?: string | Uint8Array): Promise<Answer> {
  return askSocket(socket, method, path, body);
}
