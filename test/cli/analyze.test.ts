// `rampart analyze` on a policy file: what is printed, as text and as JSON, and the status.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from '../../src/cli/analyze';
import { runCommandLine } from '../../src/cli/command-line';

const folder = mkdtempSync(join(tmpdir(), `rampart-analyze-${process.pid}-`));
const policy = join(folder, 'policy.yaml');

beforeAll(() =>
  writeFileSync(
    policy,
    `account: example
lists:
  office: [198.51.100.0/24, "2001:db8:0ff1::/48"]
rules:
  - ref: web
    expression: tcp.dstport in {80 443}
    action: block
  - ref: office-web
    expression: ip.src in $office and tcp.dstport == 443
    action: skip
    action_parameters: { ruleset: current }
  - ref: office
    expression: ip.src in $office
    action: skip
    action_parameters: { ruleset: current }
  - ref: names
    expression: tcp.dstport == 53 and udp.dstport == 53
    action: block
    enabled: false
`,
  ),
);
afterAll(() => rmSync(folder, { recursive: true }));

// 198.51.100.1 -> 192.0.2.1, ports 40000 -> 443, SYN; 40 bytes.
const TO_443 = '450000280001000040068e99c6336401c00002019c4001bb00000001000000005002ffff00000000';

async function run(...line: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(
    ['analyze', ...line],
    { analyze: () => register },
    {
      stdout: { write: text => (stdout += text) },
      stderr: { write: text => (stderr += text) },
    },
  );
  return { status, stdout, stderr };
}

test('findings are a table and then a paragraph each, with status 1', async () => {
  expect(await run('-f', policy)).toEqual({
    status: 1,
    stderr: '',
    stdout: `rule  ref         action           finding        family  by
2     office-web  skip             shadowed       both    web
3     office      skip             conflict       both    web
4     names       block, disabled  never matches  both

office-web: shadowed by web
  an earlier rule decides every packet that it matches
  packet: ${TO_443}

office: conflict with web
  the earlier rule decides packets of this one by its own action, block
  packet: ${TO_443}

names: never matches
  no packet can match
`,
  });
});

test('--json prints every rule with its findings', async () => {
  const { status, stdout } = await run('-f', policy, '--json');
  const { rules } = JSON.parse(stdout);
  expect(status).toBe(1);
  expect(rules.map((rule: { ref: string }) => rule.ref)).toEqual(['web', 'office-web', 'office', 'names']);
  expect(rules[1]).toEqual({
    index: 2,
    ref: 'office-web',
    action: 'skip',
    enabled: true,
    witness: null,
    in_iface: null,
    findings: [
      {
        kind: 'shadowed',
        family: 'both',
        by: ['web'],
        witness: TO_443,
        in_iface: null,
        reason: 'an earlier rule decides every packet that it matches',
      },
    ],
    more_conflicts: false,
  });
});

test('one expression with nothing to find ends with status 0', async () => {
  expect(await run('--expr', 'tcp.dstport == 80')).toEqual({
    status: 0,
    stdout: 'nothing found in one rule\n',
    stderr: '',
  });
});

test('a budget too small for a proof is told', async () => {
  const { status, stdout } = await run('--expr', 'tcp.dstport == 80 and udp.dstport == 80', '--budget', '0');
  expect(status).toBe(1);
  expect(stdout).toContain('the budget of steps is used up');
});

test.each(['-1', 'many', '1.5', ''])('a budget of %j is a wrong command line', async budget => {
  expect((await run('--expr', 'true', '--budget', budget)).status).toBe(2);
});
