// All probes on this machine, next to what other programs find when they try the same.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examine } from '../../src/doctor/examine';
import type { Diagnosis } from '../../src/doctor/probe';
import { PROBES } from '../../src/doctor/probes';

const RAMPART = join(__dirname, '../../bin/rampart');

let diagnoses: readonly Diagnosis[];
beforeAll(async () => {
  diagnoses = await examine(PROBES);
});

function answerOf(name: string): string | undefined {
  return diagnoses.find(diagnosis => diagnosis.name === name)?.answer;
}

/** In a network namespace that ends with the command. */
function succeeds(command: string): boolean {
  return spawnSync('unshare', ['--net', 'sh', '-c', command], { stdio: 'ignore' }).status === 0;
}

describe('the answer is that of', () => {
  test.each([
    ['node', 'node --version | grep -qE "^v(20[.](1[7-9]|[2-9][0-9])|2[1-9]|[3-9][0-9])[.]"'],
    [
      'clang',
      'echo "#include <linux/types.h>" | clang -target bpf -I/usr/include/$(uname -m)-linux-gnu -x c - -c -o /dev/null',
    ],
    ['netns', 'true'],
    ['nf_tables', 'nft "add table ip t; add chain ip t c { type filter hook prerouting priority raw; }"'],
    ['nflog', 'nft "add table ip t; add chain ip t c; add rule ip t c log group 5"'],
    ['nft_compat', 'iptables-nft -A OUTPUT -m comment --comment a -m bpf --bytecode "1,6 0 0 1"'],
    ['xt_bpf', 'iptables-nft -A OUTPUT -m bpf --bytecode "1,6 0 0 1"'],
    ['bpf_jit', 'test "$(cat /proc/sys/net/core/bpf_jit_enable)" != 0'],
    ['btf', 'bpftool btf dump file /sys/kernel/btf/vmlinux format raw | head -1 | grep -q .'],
    ['veth', 'ip link add p0 type veth'],
    ['tun', 'ip tuntap add p0 mode tun'],
    ['dummy', 'ip link add p0 type dummy'],
    ['bridge', 'ip link add p0 type bridge'],
    ['ifb', 'ip link add p0 type ifb'],
    ['vxlan', 'ip link add p0 type vxlan id 1 dstport 4789'],
    ['gre', 'ip link add p0 type gre local 192.0.2.1 remote 192.0.2.2'],
    ['ip6gre', 'ip link add p0 type ip6gre local 2001:db8::1 remote 2001:db8::2'],
    ['sit', 'ip link add p0 type sit local 192.0.2.1 remote 192.0.2.2'],
    ['ip6tnl', 'ip link add p0 type ip6tnl mode any local 2001:db8::1 remote 2001:db8::2'],
    ['ipip', 'ip link add p0 type ipip local 192.0.2.1 remote 192.0.2.2'],
    ['wireguard', 'ip link add p0 type wireguard'],
  ])('%s: %s', (name, command) => {
    expect(answerOf(name)).toBe(succeeds(command) ? 'yes' : 'no');
  });
});

test('nothing is left of the probes', () => {
  const name = `rampart-doctor-${process.pid}`;
  expect(existsSync(`/run/netns/${name}`)).toBe(false);
  expect(existsSync(`/run/${name}`)).toBe(false);
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(name);
});

test('no two probes have one name', () => {
  expect(new Set(PROBES.map(({ name }) => name)).size).toBe(PROBES.length);
});

interface Report {
  readonly ready: boolean;
  readonly probes: readonly Diagnosis[];
}

describe('rampart doctor', () => {
  test('prints every probe, with --json as one object, and its status says whether Rampart can run', () => {
    const { status, stdout } = spawnSync(RAMPART, ['doctor', '--json'], { encoding: 'utf8' });
    const report: Report = JSON.parse(stdout);
    const named = ({ name, answer }: Diagnosis): string => `${name}: ${answer}`;
    expect(report.probes.map(named)).toEqual(diagnoses.map(named));
    expect([report.ready, status]).toEqual([true, 0]);
    const text = execFileSync(RAMPART, ['doctor'], { encoding: 'utf8' });
    for (const { name, answer } of diagnoses) expect(text).toMatch(new RegExp(`^${name} +${answer} `, 'm'));
    expect(text).toMatch(/\nRampart can run here\.\n$/);
  });

  test('without capabilities it names them as missing, and what it could not tell for that', () => {
    const dropped = ['--bounding-set', '-net_admin,-sys_admin,-bpf', '--inh-caps', '-all'];
    const { status, stdout } = spawnSync('setpriv', [...dropped, RAMPART, 'doctor', '--json'], { encoding: 'utf8' });
    const { ready, probes }: Report = JSON.parse(stdout);
    const answers = Object.fromEntries(probes.map(({ name, answer }) => [name, answer]));
    expect([ready, status]).toEqual([false, 1]);
    expect(answers).toMatchObject({
      node: 'yes',
      addon: 'yes',
      CAP_NET_ADMIN: 'no',
      CAP_SYS_ADMIN: 'no',
      CAP_BPF: 'no',
      netns: 'could not tell',
      nf_tables: 'could not tell',
      bpf: 'could not tell',
      bpffs: 'could not tell',
      nft_compat: 'could not tell',
      xt_bpf: 'could not tell',
      veth: 'could not tell',
    });
    expect(probes.find(({ name }) => name === 'netns')?.detail).toMatch(/CAP_SYS_ADMIN/);
  });
});
