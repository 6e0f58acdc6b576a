// The commands around a policy in force, as their users see them: what each prints and returns, from the first apply to
// the last destroy.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, startMachine } from '../kernel/machine';

const POLICY = `account: "0123456789abcdef0123456789abcdef"
rules:
  - { ref: sip, expression: udp.dstport == 5060, action: log }
  - { expression: 'ip.src == 10.0.0.1 or tcp.dstport == 22', action: block, enabled: false }
`;
const folder = mkdtempSync(join(tmpdir(), `rampart-in-force-${process.pid}-`));
const policy = join(folder, 'policy.yaml');
let machine: Machine;

beforeAll(async () => {
  writeFileSync(policy, POLICY);
  machine = await startMachine();
  machine.output('ip', 'netns', 'add', 'account');
  machine.output('nsenter', '--net=/run/netns/account', 'ip', 'link', 'set', 'lo', 'up');
});

afterAll(async () => {
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('from nothing to a policy in force, and back', () => {
  expect(printed('show')).toBe('no policy is in force\n');
  expect(printed('counters')).toBe('no policy is in force\n');

  expect(printed('apply', '-f', policy)).toMatch(
    /^network namespace account: version [0-9a-f]{16}\n {2}added: sip, 2\n {2}unchanged: 0 of 2 rules\n$/,
  );
  expect(printed('apply', '-f', policy)).toMatch(
    /^network namespace account has version [0-9a-f]{16} already; nothing changed\n$/,
  );
  machine.output('nsenter', '--net=/run/netns/account', 'bash', '-c', 'echo x > /dev/udp/127.0.0.1/5060');
  expect(printed('counters')).toBe(`rule  ref  action  state    packets  bytes
1     sip  log     enabled  1        30
2     2    block   shadow   0        0
`);
  expect(printed('show')).toMatch(
    /^account [0-9a-f]{32}, version [0-9a-f]{16}\nrule +ref +action +state +tables\n1 +sip +log +enabled +ip ip6\n2 +2 +block +shadow +ip ip6\n$/,
  );
  expect(printed('destroy')).toBe('removed table ip rampart\nremoved table ip6 rampart\n');
  expect(printed('destroy')).toBe('no policy is in force; nothing changed\n');
});

test('a rule put before the others leaves their counts, and is the first', () => {
  const next = join(folder, 'next.yaml');
  const before =
    '  - { ref: never, expression: ip.ttl == 999, action: block }\n  - { ref: first, expression: ip.ttl == 3, action: log }\n';
  writeFileSync(
    next,
    POLICY.replace('rules:\n', `rules:\n${before}`).replace('- { expression', '- { ref: "2", expression'),
  );
  printed('apply', '-f', policy);
  machine.output('nsenter', '--net=/run/netns/account', 'bash', '-c', 'echo x > /dev/udp/127.0.0.1/5060');
  // It warns of the rule that no packet can match.
  expect(machine.rampart(['apply', '-f', next, '--netns', 'account']).stdout).toMatch(
    / {2}added: never, first\n {2}unchanged: 2 of 4 rules\n$/,
  );
  expect(printed('counters')).toBe(`rule  ref    action  state    packets  bytes
1     never  block   enabled  0        0
2     first  log     enabled  0        0
3     sip    log     enabled  1        30
4     2      block   shadow   0        0
`);
  expect(printed('show')).toMatch(/\n1 +never +block +enabled +none\n2 +first +log +enabled +ip ip6\n/);
  expect(printed('apply', '-f', policy)).toMatch(/ {2}removed: never, first\n {2}unchanged: 2 of 2 rules\n$/);
  expect(printed('counters')).toContain('1     sip  log     enabled  1        30\n');
  printed('destroy');
});

test('with --json each prints one object a line', () => {
  const applied = JSON.parse(printed('apply', '-f', policy, '--json'));
  expect(applied).toMatchObject({
    account: '0123456789abcdef0123456789abcdef',
    netns: 'account',
    difference: { added: ['sip', '2'], removed: [], changed: [], moved: [], unchanged: [], none: false },
    loaded: [],
  });
  const { policy: shown } = JSON.parse(printed('show', '--json'));
  expect(shown).toEqual({ account: '0123456789abcdef0123456789abcdef', version: applied.version });
  expect(JSON.parse(printed('counters', '--json')).rules).toMatchObject([
    { index: 1, ref: 'sip', action: 'log', enabled: true, packets: 0, bytes: 0 },
    { index: 2, ref: '2', action: 'block', enabled: false, packets: 0, bytes: 0 },
  ]);
  expect(JSON.parse(printed('destroy', '--json'))).toEqual({ netns: 'account', tables: ['ip', 'ip6'] });
});

test('apply warns of what a rule may not mean, and applies it', () => {
  const file = join(folder, 'warned.yaml');
  writeFileSync(file, 'account: a\nrules:\n  - { ref: web, expression: tcp.srcport ne 80, action: log }\n');
  const { status, stdout, stderr } = machine.rampart(['apply', '-f', file, '--netns', 'account']);
  expect(
    stderr,
  ).toBe(`rampart: ${file}:3:29 /rules/0/expression: warning: \`tcp.srcport ne 80\` also holds where there is no tcp.srcport [RF4001]
  tcp.srcport ne 80
  ^^^^^^^^^^^^^^^^^
  cure: absent means: not TCP, a later fragment, or cut off before it; unless that is meant too, write \`ip.proto eq "tcp" and tcp.srcport ne 80\`
`);
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('  added: web\n') });
  printed('destroy');
});

test('nft and bpftool see it as what it is', () => {
  const expression = 'ends_with(udp.payload, "xyzzy")';
  writeFileSync(
    join(folder, 'program.json'),
    JSON.stringify({ account: 'f'.repeat(32), rules: [{ expression, action: 'block' }] }),
  );
  expect(printed('apply', '-f', join(folder, 'program.json'))).toMatch(/ {2}loaded eBPF program [0-9a-f]{32}\n/);
  const listed = machine.output('nsenter', '--net=/run/netns/account', 'nft', 'list', 'ruleset');
  expect(listed).toContain('xt match bpf');
  expect(listed).toContain('counter packets 0 bytes 0 drop comment "rampart rule=1 ref=1 action=block"');
  const [program] = JSON.parse(printed('show', '--json')).programs;
  const pinned = machine.output('bpftool', 'prog', 'show', 'pinned', `/sys/fs/bpf/rampart/program/${program}`);
  expect(pinned).toContain('socket_filter  name rampart');
  printed('destroy');
});

function printed(command: string, ...parameters: readonly string[]): string {
  const { status, stdout, stderr } = machine.rampart([command, ...parameters, '--netns', 'account']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}
