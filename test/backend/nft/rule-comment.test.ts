// The comments by which rules and policies are known again: written, read back, and nobody else's taken for ours.

import { parsePolicyComment, printPolicyComment } from '../../../src/backend/nft/policy-comment';
import { parseRuleComment, printRuleComment, type RuleComment } from '../../../src/backend/nft/rule-comment';

describe('a rule comment', () => {
  test.each<[RuleComment, string]>([
    [{ key: '1', ref: '1', action: 'block', enabled: true }, 'rampart rule=1 ref=1 action=block'],
    [{ key: '12', ref: 'web-in', action: 'skip', enabled: true }, 'rampart rule=12 ref=web-in action=skip'],
    [{ key: '3.5', ref: 'web', action: 'block', enabled: true }, 'rampart rule=3.5 ref=web action=block'],
    [
      { key: '200', ref: 'A_b.c:d-9', action: 'log', enabled: false },
      'rampart rule=200 ref=A_b.c:d-9 action=log shadow',
    ],
  ])('is written and read: %j', (comment, text) => {
    expect(printRuleComment(comment)).toBe(text);
    expect(parseRuleComment(text)).toEqual(comment);
  });

  test('fits into the 127 bytes that nft shows, with the longest ref and the longest key', () => {
    const longest = printRuleComment({
      key: '123456789.12345678901234',
      ref: 'x'.repeat(64),
      action: 'block',
      enabled: false,
    });
    expect(longest.length).toBe(126);
  });

  test.each([
    '',
    'rampart',
    'rampart rule=1',
    'rampart rule=one ref=1 action=block',
    'rampart rule=1. ref=1 action=block',
    'rampart rule=1 ref=a b action=block',
    'rampart rule=1 ref=1 action=accept',
    'rampart rule=1 ref=1 action=block shadowy',
    ' rampart rule=1 ref=1 action=block',
    'rampart rule=1 ref=1 action=block\n',
  ])('of somebody else is none: %j', text => {
    expect(parseRuleComment(text)).toBeUndefined();
  });
});

describe('a policy comment', () => {
  const account = '0123456789abcdef0123456789abcdef';

  test('is written and read', () => {
    const text = `rampart account=${account} version=0011223344556677`;
    expect(printPolicyComment({ account, version: '0011223344556677' })).toBe(text);
    expect(parsePolicyComment(text)).toEqual({ account, version: '0011223344556677' });
  });

  test.each(['', `rampart account=${account}`, `rampart account=${account} version=short`, 'rampart'])(
    'of somebody else is none: %j',
    text => {
      expect(parsePolicyComment(text)).toBeUndefined();
    },
  );
});
