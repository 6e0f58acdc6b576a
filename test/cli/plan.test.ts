// `rampart plan`: what is printed, as text and as JSON, and the status.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line';
import { register } from '../../src/cli/plan';

const folder = mkdtempSync(join(tmpdir(), `rampart-plan-${process.pid}-`));
const [old, next, broken] = ['old.yaml', 'new.yaml', 'broken.yaml'].map(name => join(folder, name)) as [
  string,
  string,
  string,
];

beforeAll(() => {
  writeFileSync(
    old,
    `account: example
lists: { office: [198.51.100.0/24] }
rules:
  - { ref: telnet, expression: tcp.dstport == 23, action: block }
  - { ref: office, expression: ip.src in $office, action: skip, action_parameters: { ruleset: current } }
  - { ref: web, expression: tcp.dstport == 80, action: block }
`,
  );
  writeFileSync(
    next,
    `account: example
lists: { office: [198.51.100.0/25] }
rules:
  - { ref: office, expression: ip.src in $office, action: skip, action_parameters: { ruleset: current } }
  - { ref: telnet, expression: tcp.dstport == 23, action: block }
  - { ref: web, expression: 'tcp.dstport in {80 8080}', action: block }
  - { ref: dns, expression: udp.dstport == 53, action: block, enabled: false }
`,
  );
  writeFileSync(broken, 'account: example\nrules:\n  - { ref: a, expression: tcp.dstport = 80, action: block }\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...line: readonly string[]) {
  let stdout = '';
  let stderr = '';
  const status = await runCommandLine(
    ['plan', ...line],
    { plan: () => register },
    { stdout: { write: text => (stdout += text) }, stderr: { write: text => (stderr += text) } },
  );
  return { status, stdout, stderr };
}

test('rules as diff(1) marks them, then every pair of rules whose packets change their verdict', async () => {
  const { status, stdout, stderr } = await run('-f', next, '--against', old);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.replaceAll(/packet: [0-9a-f]+/g, 'packet: …')).toBe(`~ web: block tcp.dstport == 80
  becomes web: block tcp.dstport in {80 8080}
> office: from place 2 to place 1
+ dns: block (disabled) udp.dstport == 53
~ list $office: 1 items added, 1 removed
1 added, 0 removed, 1 changed, 1 moved, 1 unchanged

pass by rule office becomes drop by rule web (ip)
  such as tcp 198.51.100.129:40000 > 192.0.2.1:80 syn, 40 bytes
  packet: …
drop by rule telnet becomes pass by rule office (ip)
  such as tcp 198.51.100.1:40000 > 192.0.2.1:23 syn, 40 bytes
  packet: …
pass by no rule becomes drop by rule web (ip)
  such as tcp 10.0.0.1:40000 > 192.0.2.1:8080 syn, 40 bytes
  packet: …
pass by no rule becomes drop by rule web (ip6)
  such as tcp [2001:db8::1]:40000 > [2001:db8::2]:8080 syn, 60 bytes
  packet: …
no other pair of rules changes the verdict of a packet (proved)
`);
});

test('a policy that says the same changes nothing', async () => {
  expect(await run('-f', old, '--against', old)).toEqual({
    status: 0,
    stderr: '',
    stdout: 'no rule changes\n\nno packet changes its verdict (proved)\n',
  });
});

test('without another policy every rule is new', async () => {
  const { stdout } = await run('-f', old, '--json');
  const { rules, verdicts } = JSON.parse(stdout);
  expect(rules.added.map(({ ref }: { ref: string }) => ref)).toEqual(['telnet', 'office', 'web']);
  expect(verdicts.complete).toBe(true);
  expect(verdicts.changes.map((each: { after: object }) => each.after)).toEqual([
    { ref: 'telnet', verdict: 'drop' },
    { ref: 'web', verdict: 'drop' },
    { ref: 'telnet', verdict: 'drop' },
    { ref: 'web', verdict: 'drop' },
  ]);
});

test.each([
  [['-f', broken, '--against', old], broken],
  [['-f', old, '--against', broken], broken],
])('an expression that is refused is named with its file: %j', async (line, file) => {
  const { status, stderr } = await run(...line);
  expect(status).toBe(1);
  expect(stderr).toContain(`${file}:3:39`);
});

test('the network in the same manner, and in JSON', async () => {
  const files = ['198.51.100.7', '198.51.100.8'].map(remote => {
    const file = join(folder, `${remote}.json`);
    const tunnels = [{ name: 'fra1', kind: 'gre', local: '192.0.2.1', remote }];
    writeFileSync(file, JSON.stringify({ account: 'example', tunnels, rules: [] }));
    return file;
  });
  const [before = '', after = ''] = files;
  expect(await run('-f', after, '--against', before)).toEqual({
    status: 0,
    stderr: '',
    stdout: `no rule changes

~ tunnel fra1 (gre) 192.0.2.1 to 198.51.100.7 ttl 64 mtu 1476
  becomes tunnel fra1 (gre) 192.0.2.1 to 198.51.100.8 ttl 64 mtu 1476
of the network: 0 added, 0 removed, 1 changed, 18 unchanged

no packet changes its verdict (proved)
`,
  });
  expect(await run('-f', after, '--against', after)).toEqual({
    status: 0,
    stderr: '',
    stdout: 'no rule changes\nthe network stays as it is\n\nno packet changes its verdict (proved)\n',
  });
  const { network } = JSON.parse((await run('-f', after, '--against', before, '--json')).stdout);
  expect(network).toEqual({
    added: [],
    removed: [],
    changed: [
      {
        before: 'tunnel fra1 (gre) 192.0.2.1 to 198.51.100.7 ttl 64 mtu 1476',
        after: 'tunnel fra1 (gre) 192.0.2.1 to 198.51.100.8 ttl 64 mtu 1476',
      },
    ],
    unchanged: 18,
  });
});

test('a rule that would take a tunnel down is a warning', async () => {
  const file = join(folder, 'tunnel.yaml');
  writeFileSync(
    file,
    `account: example
tunnels:
  - name: fra1
    kind: gre
    local: 192.0.2.1
    remote: 192.0.2.2
    addresses: [10.255.0.0/31]
    health: { direction: bidirectional }
rules:
  - { ref: rest, expression: ip.src == 10.255.0.1, action: block }
`,
  );
  const { status, stderr } = await run('-f', file);
  expect(status).toBe(0);
  expect(stderr).toContain('rule rest drops the answers to the health probes of tunnel fra1');
});
