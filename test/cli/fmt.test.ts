// rampart fmt as its users see it: what is printed, what is written, and the status.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';
import { register } from '../../src/cli/fmt';

const folder = mkdtempSync(join(tmpdir(), `rampart-fmt-${process.pid}-`));
const file = join(folder, 'policy.yaml');

const UGLY = `account: x
rules:
  - { ref: web, expression: tcp.dstport  eq 80, action: log } # web
  - { expression: ip.ttl > 1, action: log }
  - { expression: "true&&ip.ttl==1", action: log }
`;
const NEAT = `account: x
rules:
  - { ref: web, expression: tcp.dstport == 80, action: log } # web
  - { expression: ip.ttl > 1, action: log }
  - { expression: "true and ip.ttl == 1", action: log }
`;
const WRONG = UGLY.replace('ip.ttl > 1', 'ip.tll > 1');

afterAll(() => rmSync(folder, { recursive: true }));

async function run(...line: string[]) {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(
    ['fmt', ...line],
    { fmt: () => register },
    { stdout: { write: text => (stdout += text) }, stderr: { write: text => (stderr += text) } },
  );
  return { status, stdout, stderr };
}

describe('an expression', () => {
  test.each<[string, string[], number, string]>([
    ['is printed', ['tcp.dstport eq 80&&!tcp.flags.syn'], 0, 'tcp.dstport == 80 and not tcp.flags.syn\n'],
    ['with --json', ['--json', 'ip.ttl>1'], 0, '{"formatted":"ip.ttl > 1","differs":true}\n'],
    ['is checked', ['--check', 'ip.ttl>1'], 1, 'the expression is not formatted\n'],
    ['is checked, and right', ['--check', ' ip.ttl > 1\n'], 0, 'formatted\n'],
  ])('%s', async (_, line, status, stdout) => {
    expect(await run(...line)).toEqual({ status, stdout, stderr: '' });
  });

  test('comes from standard input without an argument', () => {
    const { stdout } = spawnSync('bin/rampart', ['fmt'], { input: 'ip.ttl>1\n', cwd: join(__dirname, '../..') });
    expect(String(stdout)).toBe('ip.ttl > 1\n');
  });

  test('that is wrong is reported as everywhere', async () => {
    const { status, stdout, stderr } = await run('ip.tll>1');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('there is no field or function `ip.tll`; did you mean `ip.ttl`?');
  });
});

describe('a policy', () => {
  test('is printed', async () => {
    writeFileSync(file, UGLY);
    expect(await run('-f', file)).toEqual({ status: 0, stdout: NEAT, stderr: '' });
    expect(readFileSync(file, 'utf8')).toBe(UGLY);
  });

  test('is checked: the rules that differ are named', async () => {
    writeFileSync(file, UGLY);
    expect(await run('-f', file, '--check')).toEqual({ status: 1, stdout: 'not formatted: web, 3\n', stderr: '' });
    writeFileSync(file, NEAT);
    expect(await run('-f', file, '--check', '--json')).toEqual({
      status: 0,
      stdout: `${JSON.stringify({ file, rules: [] })}\n`,
      stderr: '',
    });
  });

  test('is put back through a link, with its mode, and nothing is left beside it', async () => {
    writeFileSync(file, UGLY);
    chmodSync(file, 0o640);
    symlinkSync(file, join(folder, 'link.yaml'));
    expect(await run('-f', join(folder, 'link.yaml'), '--write')).toEqual({
      status: 0,
      stdout: 'formatted: web, 3\n',
      stderr: '',
    });
    expect(readFileSync(file, 'utf8')).toBe(NEAT);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder).sort()).toEqual(['link.yaml', 'policy.yaml']);
    expect((await run('-f', file, '--write')).stdout).toBe('nothing changed\n');
  });

  test('with a wrong rule is not written', async () => {
    writeFileSync(file, WRONG);
    const { status, stderr } = await run('-f', file, '--write');
    expect(status).toBe(1);
    expect(stderr).toContain(`rampart: ${file}:4:19 /rules/1/expression: unknown identifier [RF2001]`);
    expect(readFileSync(file, 'utf8')).toBe(WRONG);
  });
});

test.each([
  [['ip.ttl > 1', '-f', 'policy.yaml'], 'an expression and a policy'],
  [['ip.ttl > 1', '--write'], '--write is for a policy, and not for --check'],
  [['-f', 'policy.yaml', '--write', '--check'], '--write is for a policy, and not for --check'],
])('%j is no command line', async (line, message) => {
  const { status, stderr } = await run(...line);
  expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});
