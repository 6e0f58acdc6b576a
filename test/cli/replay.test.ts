// trace and replay print the same line for every frame that the kernel's hook sees: the evaluator's line and the
// kernel's can be compared with diff(1).

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_CACHE } from '../kernel/object-cache';
import { captureOf } from '../packet/capture-file';
import { CAPTURE, FRAMES, HAS_CAPTURE } from '../packet/frames';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), `rampart-replay-test-${process.pid}-`));
const written = join(folder, 'written.pcap');
const policy = join(folder, 'policy.yaml');
const capture = HAS_CAPTURE ? CAPTURE : written;

const POLICY = `account: "0123456789abcdef0123456789abcdef"
lists:
  private: [10.0.0.0/8, 192.168.0.0/16, "fc00::/7"]
rules:
  - { ref: dns, expression: udp.dstport == 53 or udp.srcport == 53, action: skip, action_parameters: { ruleset: current } }
  - { expression: ip.proto == "ospfigp", action: log }
  - { ref: shadow, expression: ip.src in $private, action: block, enabled: false }
  - { ref: ended, expression: 'ends_with(tcp.payload, "\\x0d\\x0a")', action: block }
  - { expression: tcp.dstport < 1024 xor tcp.srcport < 1024, action: skip, action_parameters: { ruleset: current } }
  - { ref: rest, expression: ip.ttl < 128, action: block }
`;

beforeAll(() => {
  writeFileSync(policy, POLICY);
  writeFileSync(written, captureOf(FRAMES.filter(({ number }) => number > 100_000)));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ['the capture', capture],
  ['the packets written out', written],
])('over %s', (_, pcap) => {
  test.each<[string, readonly string[]]>([
    ['an expression for nftables', ['--expr', 'tcp.dstport in {22 80 443} or udp.dstport == 53']],
    ['an expression for eBPF', ['--expr', 'ends_with(udp.payload, "\\x00") xor ip.ttl < 64']],
    ['a policy', ['-f', policy]],
    ['a policy, in eBPF', ['-f', policy, '--backend', 'ebpf']],
  ])('%s gives the same lines', (_, rules) => {
    const byKernel = lines('replay', [...rules, '--cache', TEST_CACHE.directory, '--pcap', pcap]);
    const byEvaluator = lines('trace', [
      ...rules.filter(each => each !== '--backend' && each !== 'ebpf'),
      '--pcap',
      pcap,
    ]);
    const seen = byKernel.flatMap((line, index) => (line.includes('"verdict":"unseen"') ? [] : [index]));
    expect(byKernel.length).toBe(byEvaluator.length);
    expect(seen.length).toBeGreaterThan(50);
    expect(seen.map(index => byKernel[index])).toEqual(seen.map(index => byEvaluator[index]));
  });
});

test('the lines have the form that is documented', () => {
  const [frame] = lines('trace', ['-f', policy, '--pcap', written]);
  expect(frame).toBe('{"frame":1,"verdict":"pass","rule":"5","matched":["shadow","5"]}');
  const [match] = lines('trace', ['--expr', 'tcp.flags.syn', '--pcap', written]);
  expect(match).toBe('{"frame":1,"match":true}');
});

test.each<[string, readonly string[], boolean]>([
  ['the interface that --in-iface names', ['--in-iface', 'eth0'], true],
  ['another interface', ['--in-iface', 'eth1'], false],
  ['an interface that nobody knows', [], false],
])('trace judges frames of %s', (_, options, match) => {
  const [first] = lines('trace', ['--expr', 'in_iface == "eth0"', '--pcap', written, ...options]);
  expect(first).toBe(`{"frame":1,"match":${match}}`);
});

test.each(['', 'a'.repeat(16), 'eth/0', 'eth 0', '..'])('%j is no name of an interface', name => {
  const options = ['trace', '--expr', 'true', '--pcap', written, '--in-iface', name];
  const { status, stderr } = spawnSync(join(ROOT, 'bin/rampart'), options, { encoding: 'utf8', timeout: 60_000 });
  expect(status).toBe(2);
  expect(stderr).toContain('cannot be the name of an interface');
});

function lines(command: string, options: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(join(ROOT, 'bin/rampart'), [command, '--json', ...options], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`${command} ends with ${status}: ${stderr}`);
  return stdout.trimEnd().split('\n');
}
