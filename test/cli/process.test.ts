// bin/rampart as a process: what is particular to being one.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), `rampart-process-${process.pid}-`));

afterAll(() => rmSync(folder, { recursive: true }));

test('a copy that is not built says so', () => {
  cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
  const { status, stderr } = spawnSync(join(folder, 'bin/rampart'), ['--version'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toBe(
    `rampart: ${folder}/build/js/cli/main.js does not exist: this copy has not been built\ncure: make build\n`,
  );
});

test('a reader that leaves early is no error', () => {
  const line = '{ bin/rampart doctor --json; echo "status $?" >&2; } | true';
  const { stderr } = spawnSync('sh', ['-c', line], { cwd: ROOT, encoding: 'utf8' });
  expect(stderr).toBe('status 0\n');
});

test('a command line without a command ends with status 2', () => {
  expect(spawnSync('bin/rampart', [], { cwd: ROOT }).status).toBe(2);
});

test('on a signal, what the doctor made is removed', async () => {
  const made = join(folder, 'made');
  const script = `
    const { writeFileSync, rmSync } = require('node:fs');
    const { withScratch } = require('${ROOT}/build/js/doctor/scratch.js');
    process.argv = [process.argv[0], 'rampart', '--version'];
    require('${ROOT}/build/js/cli/main.js');
    void withScratch(async ({ removals }) => {
      writeFileSync('${made}', '');
      removals.push({ what: 'file', remove: () => rmSync('${made}') });
      console.error('ready');
      await new Promise(resolve => setTimeout(resolve, 30_000));
    });`;
  writeFileSync(join(folder, 'script.js'), script);
  const child = spawn(process.execPath, [join(folder, 'script.js')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  await once(child.stderr, 'data');
  expect(existsSync(made)).toBe(true);
  child.kill('SIGTERM');
  expect(await ended).toEqual([143, null]);
  expect(existsSync(made)).toBe(false);
});
