import { errnoName } from '../../src/netlink/errno-name';
import {
  isAlreadyThere,
  isLost,
  isNotFound,
  isNotPermitted,
  isStaleGeneration,
  kernelError,
  malformed,
  NetlinkError,
} from '../../src/netlink/netlink-error';

test.each([
  [2, 'ENOENT'],
  [11, 'EAGAIN'],
  [31, 'EMLINK'],
  [85, 'ERESTART'],
  [95, 'EOPNOTSUPP'],
  [105, 'ENOBUFS'],
  [524, 'ENOTSUPP'],
  [4000, 'errno 4000'],
])('errno %i is %s', (errno, name) => {
  expect(errnoName(errno)).toBe(name);
});

test('an error says what was done, to what, why, where and what to do', () => {
  const error = kernelError(1, { operation: 'commit', subject: 'rule r', text: 'no', offset: 60, sequence: 5 });
  expect(error).toMatchObject({
    code: 'EPERM',
    operation: 'commit',
    subject: 'rule r',
    text: 'no',
    offset: 60,
    sequence: 5,
  });
  expect(error.message).toBe(
    'commit (rule r): EPERM: no at byte 60 of the message; run with CAP_NET_ADMIN in the namespace; a table with the owner flag takes changes only from the socket that made it',
  );
});

test('an error with nothing but a code is short', () => {
  expect(new NetlinkError({ code: 'EINTR', operation: 'dump rules' }).message).toBe('dump rules: EINTR');
  expect(malformed('rule', 'NFTA_RULE_TABLE is missing').message).toBe(
    'decode rule: EBADMSG: NFTA_RULE_TABLE is missing',
  );
});

test.each([
  ['ENOENT', isNotFound],
  ['EEXIST', isAlreadyThere],
  ['ERESTART', isStaleGeneration],
  ['EPERM', isNotPermitted],
  ['ENOBUFS', isLost],
])('%s has a predicate', (code, predicate) => {
  expect(predicate(new NetlinkError({ code, operation: 'commit' }))).toBe(true);
  expect(predicate(Object.assign(new Error('of the addon'), { code }))).toBe(true);
  expect(
    [new NetlinkError({ code: 'EINVAL', operation: 'commit' }), new Error('other'), undefined, code].some(predicate),
  ).toBe(false);
});
