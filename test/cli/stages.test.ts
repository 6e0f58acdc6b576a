// --stages, and explain without an expression: what the command line asks for reaches the plan.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';
import { register } from '../../src/cli/explain';

const folder = mkdtempSync(join(tmpdir(), `rampart-stages-test-${process.pid}-`));
const policy = join(folder, 'policy.yaml');

beforeAll(() => {
  const rules = [1, 2].map(n => `  - ref: r${n}\n    action: block\n    expression: ip.src == 192.0.2.${n}\n`);
  writeFileSync(policy, `account: 0123456789abcdef0123456789abcdef\nrules:\n${rules.join('')}`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function explain(...line: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(
    ['explain', ...line],
    { explain: () => register },
    {
      stdout: { write: text => (stdout += text) },
      stderr: { write: text => (stderr += text) },
    },
  );
  return { status, stdout, stderr };
}

test.each<[string, readonly string[], string]>([
  ['nothing', [], '1-2    2      linear  10 ns  nothing is cheaper for so few'],
  ['linear', ['--stages', 'linear'], '1-2    2      linear  10 ns  asked for'],
  [
    'maps',
    ['--stages', 'verdict_map'],
    '1-2    2      map_saddr  81 ns  exact values of saddr; one after the other up to 10 ns',
  ],
  ['a classifier', ['--stages', 'classifier'], '1-2    2      classifier  190 ns  asked for'],
  [
    'a classifier in nftables alone',
    ['--stages', 'classifier', '--backend', 'nft'],
    '1-2    2      linear  10 ns  no classifier: nftables alone is asked for',
  ],
])('the stages where %s is asked for', async (_, options, expected) => {
  const { status, stdout } = await explain('-f', policy, ...options);
  expect([status, stdout.split('\n')[2]]).toEqual([0, expected]);
});

test.each<[string, readonly string[], string]>([
  [
    'neither an expression nor a policy',
    [],
    'rampart: nothing is given to explain [usage]\n  cure: give an expression or -f POLICY\n',
  ],
  [
    'the formula of a policy',
    ['-f', policy, '--ir'],
    'rampart: --ir is of one expression [usage]\n  cure: give the expression\n',
  ],
])('%s is a mistake of use', async (_, line, expected) => {
  expect(await explain(...line)).toEqual({ status: 2, stdout: '', stderr: expected });
});

test('stages of no kind are a mistake of use', async () => {
  const { status, stderr } = await explain('-f', policy, '--stages', 'tree');
  expect([status, stderr.includes('Allowed choices are auto, linear, verdict_map, classifier')]).toEqual([2, true]);
});
