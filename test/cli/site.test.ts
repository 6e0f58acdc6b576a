// What a host says of itself reaches the rules by options and by the environment, and rules that ask for more are refused.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureOf } from '../packet/capture-file';
import { rawFrame } from '../packet/frames';
import { PACKETS } from '../packet/packets';

const RAMPART = join(__dirname, '../../bin/rampart');
const folder = mkdtempSync(join(tmpdir(), `rampart-site-test-${process.pid}-`));
const pcap = join(folder, 'one.pcap');

beforeAll(() => writeFileSync(pcap, captureOf([rawFrame(1, PACKETS.tcpSyn)])));
afterAll(() => rmSync(folder, { recursive: true }));

function rampart(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(RAMPART, args, { encoding: 'utf8', env, timeout: 60_000 });
  return { status, stdout: stdout.trim(), stderr };
}

const IN_SFO = ['trace', '--pcap', pcap, '--expr', 'cf.colo.name == "sfo06" and cf.colo.region == "WNAM"'];

test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
  ['options', ['--colo-name', 'sfo06', '--colo-region', 'WNAM'], {}, '1: match'],
  ['the environment', [], { RAMPART_COLO_NAME: 'sfo06', RAMPART_COLO_REGION: 'WNAM' }, '1: match'],
  [
    'an option before the environment',
    ['--colo-name', 'ams01', '--colo-region', 'WNAM'],
    { RAMPART_COLO_NAME: 'sfo06' },
    '1: no match',
  ],
])('by %s', (_, options, environment, line) => {
  expect(rampart([...IN_SFO, ...options], environment)).toMatchObject({ status: 0, stdout: line });
});

test.each<[string, readonly string[]]>([
  ['a setting that is not given', IN_SFO],
  ['a setting that is empty', [...IN_SFO, '--colo-name', '', '--colo-region', 'WNAM']],
  ['a database', ['trace', '--pcap', pcap, '--expr', 'ip.src.country == "US"']],
  ['a database, explained', ['explain', 'ip.src.asnum == 13335']],
])('%s is missing: the rule is refused', (_, args) => {
  const { status, stderr } = rampart(args, { RAMPART_COLO_NAME: '', RAMPART_COLO_REGION: '' });
  expect(status).toBe(1);
  expect(stderr).toContain('[RF2028]');
});

test('check takes what a host may not have, and says what that is', () => {
  expect(rampart(['check', 'ip.src.country == "US" or ip.src in $cf.vpn or sip'])).toMatchObject({
    status: 0,
    stdout:
      'valid\nit needs a database of the countries of addresses\nit needs the managed lists\nit needs a program that knows SIP',
  });
});
