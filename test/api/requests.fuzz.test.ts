// Random requests: whatever comes, the answer is no fault of the agent, and every error says what, and what to do.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pino from 'pino';
import { type Daemon, startDaemon } from '../../src/daemon/daemon';
import { realmOf, removeRealm } from '../agent/agent-events';
import { ask } from '../daemon/ask';
import { settingsIn } from '../daemon/settings-in';

const REALM = realmOf('fuzz');
const folder = mkdtempSync(join(tmpdir(), `${REALM}-`));
const socket = join(folder, 'agent.sock');
let daemon: Daemon;

beforeAll(async () => {
  daemon = await startDaemon({ ...settingsIn(folder, { realm: REALM }), bodyLimit: 10_000 }, pino({ level: 'silent' }));
});

afterAll(async () => {
  await daemon.close();
  await removeRealm(REALM);
  rmSync(folder, { recursive: true });
});

const DOCUMENT = `account: acme
lists: {office: [192.0.2.0/24]}
rules:
  - {ref: web, expression: tcp.dstport == 80 and ip.src in $office, action: block}
  - {expression: 'true', action: skip, action_parameters: {ruleset: current}}
`;
const strangers = [
  '\t',
  '{',
  '}',
  '[',
  ']',
  ':',
  '"',
  "'",
  '#',
  '&a',
  '*a',
  '!t',
  '\0',
  '\ud800',
  '__proto__: ',
  'é',
  '%',
];
const damaged = fc
  .array(fc.record({ at: fc.nat(DOCUMENT.length), remove: fc.nat(8), insert: fc.constantFrom('', ...strangers) }), {
    maxLength: 3,
  })
  .map(damages =>
    damages.reduce((text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove), DOCUMENT),
  );
const body = fc.oneof(
  { weight: 4, arbitrary: damaged },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.json() },
);
const word = fc.oneof(
  fc.constantFrom(
    'acme',
    'accounts',
    'versions',
    '1',
    '2',
    'plan',
    'confirm',
    'rollback',
    'counters',
    '..',
    '__proto__',
  ),
  fc.string({ maxLength: 10 }).map(encodable),
);
const path = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('/accounts/acme', '/accounts/acme/plan', '/accounts/acme/rollback') },
  { weight: 1, arbitrary: fc.array(word, { maxLength: 5 }).map(words => `/${words.join('/')}`) },
);
const query = fc.oneof(
  fc.constant(''),
  fc
    .array(fc.tuple(fc.constantFrom('dry_run', 'confirm_within', 'version', 'budget', 'x', '__proto__'), word), {
      maxLength: 3,
    })
    .map(pairs => `?${pairs.map(pair => pair.join('=')).join('&')}`),
  fc.constantFrom('?dry_run=true', '?confirm_within=1h', '?%', '?a[b]=c&a[b][c]=d'),
);
const WITH_BODY = new Set(['PUT', 'POST', 'PATCH']);
const method = fc.constantFrom('GET', 'PUT', 'PUT', 'POST', 'DELETE', 'PATCH');

test('no request is answered by a fault of the agent', async () => {
  await fc.assert(
    fc.asyncProperty(method, path, query, body, async (how, where, options, what) => {
      const { status, value } = await ask(socket, how, where + options, WITH_BODY.has(how) ? what : undefined);
      expect(status).toBeLessThan(500);
      if (status < 400) return;
      expect(value.errors.length).toBeGreaterThan(0);
      for (const error of value.errors) {
        expect(error).toMatchObject({
          code: expect.stringMatching(/./),
          message: expect.stringMatching(/./),
          cure: expect.stringMatching(/./),
        });
        expect(error.code).not.toBe('defect');
      }
    }),
  );
});

function encodable(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, ''));
}
