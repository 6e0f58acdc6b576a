// rampart status, of answers that an agent gives when things go wrong.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';

const folder = mkdtempSync(join(tmpdir(), `rampart-status-${process.pid}-`));
const socket = join(folder, 'agent.sock');

const FAILED = {
  account: 'acme',
  state: 'failed',
  namespace: 'rampart-acme',
  desired: 3,
  applied: 2,
  policyVersion: 'ec2aac82b675faa1',
  verifiedAt: '2026-11-22T12:00:00.000Z',
  error: {
    code: 'plan.refused',
    message: 'the kernel refuses the rules',
    cure: 'see each rule',
    rules: [{ ref: 'web', code: 'ENOMEM', message: 'rule web is refused', cure: 'make room' }],
  },
  failures: 4,
  nextRetryAt: '2026-11-22T12:00:30.000Z',
  drift: {
    count: 2,
    last: {
      at: '2026-11-22T11:59:00.000Z',
      changes: ['rules removed: web', 'link uplink is gone'],
      by: [{ processId: 4711, processName: 'nft' }],
    },
  },
  timings: {},
  tunnels: {
    fra1: { state: 'healthy', since: '2026-11-22T11:00:00.000Z', loss: { sent: 300, failed: 0 }, rtt: 1.26 },
    ams1: {
      state: 'down',
      since: '2026-11-22T11:58:00.000Z',
      loss: { sent: 300, failed: 120 },
      reason: { code: 'no_reply', message: 'no reply within 1 s', cure: 'look at the other end', at: '' },
    },
  },
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/rampart/v1/accounts': { accounts: [FAILED] },
  '/rampart/v1/accounts/acme': FAILED,
};

let server: Server;

beforeAll(async () => {
  server = createServer(({ url }, response) => response.end(JSON.stringify(ANSWERS[url ?? ''])));
  await new Promise<void>(resolve => server.listen(socket, resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

test('all accounts are a table, and one that is not as desired makes status 1', async () => {
  expect(await run('status', '--socket', socket)).toEqual({
    exitCode: 1,
    text: `account  state   desired  in force  verified                  drifts  error
acme     failed  3        2         2026-11-22T12:00:00.000Z  2       the kernel refuses the rules
`,
  });
});

test('one account is shown with what others changed, its tunnels, and what is refused', async () => {
  expect(await run('status', 'acme', '--socket', socket)).toEqual({
    exitCode: 1,
    text: `account            acme
state              failed
namespace          rampart-acme
desired version    3
version in force   2
rules in force     ec2aac82b675faa1
verified           2026-11-22T12:00:00.000Z
tried again        2026-11-22T12:00:30.000Z
changes by others  2
  the last at 2026-11-22T11:59:00.000Z, by nft (4711):
  rules removed: web
  link uplink is gone
tunnel  state    since                     round trip  lost        reason
fra1    healthy  2026-11-22T11:00:00.000Z  1.3 ms      0 of 300
ams1    down     2026-11-22T11:58:00.000Z  -           120 of 300  no reply within 1 s
rampart: rule web: rule web is refused [ENOMEM]
  cure: make room
`,
  });
});

async function run(...parameters: readonly string[]): Promise<{ readonly exitCode: number; readonly text: string }> {
  let text = '';
  const sink = { write: (piece: string) => (text += piece) };
  const commands = { status: () => require('../../src/cli/status').register };
  const exitCode = await runCommandLine(parameters, commands, { stdout: sink, stderr: sink });
  return { exitCode, text };
}
