// The two mounts that Rampart makes where they are missing, as `ip netns` and `bpftool` do: they stay, and are named.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Machine, startMachine } from './machine';

const folder = mkdtempSync(join(tmpdir(), 'rampart-mounts-'));
const policy = join(folder, 'policy.yaml');
let machine: Machine;

beforeAll(async () => {
  writeFileSync(policy, 'account: a\nrules: [{expression: \'ends_with(udp.payload, "a")\', action: block}]\n');
  machine = await startMachine();
  machine.output('umount', '/sys/fs/bpf');
  machine.run(['umount', '-t', 'bpf', '/sys/fs/bpf']);
});

afterAll(async () => {
  await machine.stop();
  rmSync(folder, { recursive: true });
});

test('a command that needs no mount makes none and says nothing', () => {
  expect(machine.rampart(['check', 'ip.ttl == 1'])).toMatchObject({ status: 0, stderr: '' });
});

test('the command that mounts the BPF file system names it', () => {
  expect(machine.rampart(['apply', '-f', policy])).toMatchObject({
    status: 0,
    stderr: 'rampart: mounted /sys/fs/bpf, which stays; `umount /sys/fs/bpf` undoes it\n',
  });
});

test('the next one finds it there', () => {
  expect(machine.rampart(['destroy'])).toMatchObject({ status: 0, stderr: '' });
  expect(machine.rampart(['apply', '-f', policy])).toMatchObject({ status: 0, stderr: '' });
  expect(machine.rampart(['destroy'])).toMatchObject({ status: 0, stderr: '' });
});
