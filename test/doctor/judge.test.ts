// Probes that read a text: the text against the answer.

import { judgeCapability } from '../../src/doctor/probe/capability';
import { judgeNeighbourTable } from '../../src/doctor/probe/neighbour-table';
import { judgeNodeVersion } from '../../src/doctor/probe/node-version';

test.each([
  ['18.20.4', 'no'],
  ['20.16.0', 'no'],
  ['20.17.0', 'yes'],
  ['22.0.0', 'yes'],
  ['24.21.0', 'yes'],
])('Node.js %s: %s', (version, answer) => {
  expect(judgeNodeVersion(version)).toEqual({ answer, detail: version });
});

const STATUS = 'Name:\tnode\nCapPrm:\t000001ffffffffff\nCapEff:\t0000008000201000\nCapBnd:\t000001ffffffffff\n';

test.each([
  ['CAP_NET_ADMIN', 12, 'yes'],
  ['CAP_SYS_ADMIN', 21, 'yes'],
  ['CAP_BPF', 39, 'yes'],
  ['CAP_NET_RAW', 13, 'no'],
])('%s in CapEff 0000008000201000: %s', (_, bit, answer) => {
  expect(judgeCapability(STATUS, bit)).toEqual({ answer, detail: 'CapEff 0000008000201000' });
});

test('a status without CapEff leaves the question open', () => {
  expect(judgeCapability('Name:\tnode\n', 12).answer).toBe('could not tell');
});

test.each([
  [1024, 1024, 'no'],
  [4096, 1024, 'no'],
  [1024, 4096, 'no'],
  [4096, 4096, 'yes'],
  [16384, 8192, 'yes'],
] as const)('room for %i neighbours of IPv4 and %i of IPv6: %s', (ipv4, ipv6, answer) => {
  expect(judgeNeighbourTable(ipv4, ipv6)).toEqual({ answer, detail: `${ipv4} of IPv4, ${ipv6} of IPv6` });
});
