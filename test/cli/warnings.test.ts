// Warnings as the user sees them: the result and the status stay what they are, the warning goes to standard error or,
// with --json, into the result.

import { register as check } from '../../src/cli/check';
import { runCommandLine } from '../../src/cli/command-line';
import { register as explain } from '../../src/cli/explain';

async function run(...line: string[]) {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(
    line,
    { check: () => check, explain: () => explain },
    { stdout: { write: text => (stdout += text) }, stderr: { write: text => (stderr += text) } },
  );
  return { status, stdout, stderr };
}

const WARNING = `rampart: 1:16: warning: \`tcp.srcport ne 80\` also holds where there is no tcp.srcport [RF4001]
  ip.ttl > 1 and tcp.srcport ne 80
                 ^^^^^^^^^^^^^^^^^
  cure: absent means: not TCP, a later fragment, or cut off before it; unless that is meant too, write \`ip.proto eq "tcp" and tcp.srcport ne 80\`
`;

test('check says that the expression is valid, and warns', async () => {
  const { status, stdout, stderr } = await run('check', 'ip.ttl > 1 and tcp.srcport ne 80');
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'valid\n', stderr: WARNING });
});

test('check --json has the warnings in its result', async () => {
  const { status, stdout, stderr } = await run('check', '--json', 'tcp.dstport == 0123');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    valid: true,
    warnings: [
      {
        code: 'RF4005',
        place: '1:16',
        message: '0123 is octal: the number 83',
        cure: 'a leading 0 means octal; write 83, or 123 if that is meant',
        details: 'tcp.dstport == 0123\n               ^^^^',
        expression: { kind: 'OctalNumber', line: 1, column: 16, length: 4 },
      },
    ],
  });
});

test('check --json has no warnings where there are none', async () => {
  expect(JSON.parse((await run('check', '--json', 'true')).stdout)).toMatchObject({ warnings: [], matches: 'all' });
});

test('explain warns once', async () => {
  const { status, stderr } = await run('explain', 'ip.ttl > 1 and tcp.srcport ne 80');
  expect({ status, stderr }).toEqual({ status: 0, stderr: WARNING });
});

test('what a list holds is not known to check', async () => {
  expect((await run('check', 'ip.src in $office')).stdout).toBe('valid\n');
});
