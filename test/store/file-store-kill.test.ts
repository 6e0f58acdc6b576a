// kill -9 in the middle of writing: what was acknowledged is there, what was not is there as a whole or not at all, and
// nothing else stays.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openFileStore } from '../../src/store/file-store';

const KILLS = 25;
const folder = mkdtempSync(join(tmpdir(), `rampart-store-kill-${process.pid}-`));

afterAll(() => rmSync(folder, { recursive: true }));

/** A turn's number, or none. */
type Content = number | 'none';

interface Told {
  readonly account: string;
  readonly begun?: Content;
  readonly done?: Content;
}

test('a store that was killed has what it acknowledged', async () => {
  const acknowledged = new Map<string, Content>();
  let turn = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const told = await putUntilKilled(turn);
    for (const { account, done } of told) if (done !== undefined) acknowledged.set(account, done);
    const last = told.at(-1);
    const found = await contents();
    for (const [account, content] of acknowledged) {
      const possible = last?.account === account && last.begun !== undefined ? [content, last.begun] : [content];
      expect({ account, possible, found: found.get(account) ?? 'none' }).toEqual({
        account,
        possible,
        found: possible.find(each => each === (found.get(account) ?? 'none')) ?? 'one of the possible',
      });
      acknowledged.set(account, found.get(account) ?? 'none');
    }
    turn = Math.max(turn, ...told.flatMap(({ begun }) => (typeof begun === 'number' ? [begun] : []))) + 1;
  }
  // Or nothing was tried.
  expect(turn).toBeGreaterThan(KILLS);
}, 120_000);

async function putUntilKilled(first: number): Promise<Told[]> {
  const child = spawn(process.execPath, [join(__dirname, 'put-in-turn.js'), folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const output: string[] = [];
  child.stdout.on('data', chunk => output.push(String(chunk)));
  await once(child.stdout, 'data');
  await setTimeout(Math.random() * 60);
  child.kill('SIGKILL');
  await ended;
  return output
    .join('')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line));
}

/** The turn that each account's desired document is of; the document and all that is kept are whole. */
async function contents(): Promise<Map<string, number>> {
  const store = await openFileStore(folder);
  const found = new Map<string, number>();
  for (const { account, desired, versions } of await store.records()) {
    for (const { version } of versions) {
      const turns = new Set((await store.document(account, version)).trim().split(' '));
      expect(turns.size).toBe(1);
      if (version === desired) found.set(account, Number([...turns][0]));
    }
  }
  store.close();
  const names = readdirSync(join(folder, 'accounts'), { recursive: true, encoding: 'utf8' });
  expect(names.filter(name => name.startsWith('.') || name.endsWith('.next'))).toEqual([]);
  return found;
}
