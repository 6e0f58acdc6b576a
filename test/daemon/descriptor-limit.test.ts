// How many descriptors accounts take, against how many a process may have.

import { parseAccount } from '../../src/account/parse-account';
import { descriptorLimit, fewDescriptors, parseDescriptorLimit } from '../../src/daemon/descriptor-limit';

const TUNNEL = { name: 'fra1', kind: 'gre', local: '192.0.2.1', remote: '192.0.2.2' };

function account(tunnels: readonly object[]) {
  const reading = parseAccount(JSON.stringify({ account: 'acme', tunnels, rules: [] }));
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  return reading.account;
}

test.each([
  [0, 100, undefined],
  [0, 99, 100],
  [90, 1000, undefined],
  [91, 1000, 1010],
  [1000, 1024, 10_100],
])('%i accounts and a limit of %i: %p are needed', (count, limit, needed) => {
  expect(fewDescriptors(Array(count).fill(account([])), limit)?.needed).toBe(needed);
});

test('each tunnel that is probed takes one more, and the cure leaves room', () => {
  const probed = account([
    { ...TUNNEL, health: {} },
    { ...TUNNEL, name: 'fra2', remote: '192.0.2.3' },
  ]);
  expect(fewDescriptors([probed], 110)).toEqual({
    code: 'daemon.few-descriptors',
    limit: 110,
    needed: 111,
    accounts: 1,
    message: '1 accounts may take 111 file descriptors, and the process may have 110',
    cure: 'set LimitNOFILE=222 for the service, or `ulimit -n 222` before it starts',
  });
});

const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max processes             96365                96365                processes
Max open files            1024                 524288               files
`;

test.each([
  [LIMITS, 1024],
  [LIMITS.replace('1024  ', 'unlimited'), Number.POSITIVE_INFINITY],
])('the limit is read as the kernel prints it', (limits, limit) => {
  expect(parseDescriptorLimit(limits)).toBe(limit);
});

test('this process has one', () => {
  expect(descriptorLimit()).toBeGreaterThan(0);
});
