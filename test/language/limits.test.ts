// Limits are settings; what exceeds one is refused before it can do harm.

import { readExpression } from '../../src/language/expression';
import { ENGINE_LIMITS, type Limits, PACKET_LIMITS } from '../../src/language/limits';
import { parse } from '../../src/language/parse';
import { PACKET_LIKE } from './packet-like-scheme';

function outcome(text: string, limits: Partial<Limits>): string {
  const result = parse(text, { ...PACKET_LIMITS, ...limits });
  return result.ok ? 'accepted' : `${result.diagnostics[0]?.code} at ${result.diagnostics[0]?.span.start}`;
}

test.each([
  ['128 brackets are accepted by default', `${'('.repeat(128)}a${')'.repeat(128)}`, {}, 'accepted'],
  ['129 brackets are not', `${'('.repeat(129)}a${')'.repeat(129)}`, {}, 'RF1019 at 128'],
  ['128 nots are accepted', `${'not '.repeat(128)}a`, {}, 'accepted'],
  ['129 nots are not', `${'not '.repeat(129)}a`, {}, 'RF1019 at 512'],
  ['129 calls are not', `${'f('.repeat(129)}a${')'.repeat(129)}`, {}, 'RF1019 at 257'],
  ['quantifiers count once', 'any(any(a))', { nesting: 2 }, 'accepted'],
  ['bracket, not and call add up', 'not (not a)', { nesting: 2 }, 'RF1019 at 5'],
  ['a not ends with its operand', 'not a and not b and (not c)', { nesting: 2 }, 'accepted'],
  ['a bracket ends the nots in it', '(not a) and (not b)', { nesting: 2 }, 'accepted'],
  ['limit 0 allows flat expressions', 'a and b or c', { nesting: 0 }, 'accepted'],
  ['limit 0 allows no bracket', '(a)', { nesting: 0 }, 'RF1019 at 0'],
  ['brackets without end are refused too', '('.repeat(1000), {}, 'RF1019 at 128'],
  ['4,096 characters are accepted', `a${' or a'.repeat(819)}`, {}, 'accepted'],
  ['4,097 are not', `aa${' or a'.repeat(819)}`, {}, 'RF1020 at 4096'],
  ['characters are counted, not their UTF-16 units', `a == "${'😀'.repeat(4089)}"`, {}, 'accepted'],
  ['without a limit length does not matter', `a${' or a'.repeat(2000)}`, { length: undefined }, 'accepted'],
])('%s', (_, text, limits, wanted) => {
  expect(outcome(text, limits)).toBe(wanted);
});

test.each([
  ['tags[*]', 'any(tags[*] matches "a{100}")', 'RF3031'],
  ['a wildcard', 'ip.proto wildcard "*a*b*"', 'RF3042'],
])('the limits of patterns hold for %s', (_, text, code) => {
  const read = readExpression(text, PACKET_LIKE, { ...PACKET_LIMITS, regexSize: 1000, wildcardStars: 2 });
  expect(read.ok ? 'accepted' : read.diagnostics[0]?.code).toBe(code);
});

test('the time for a chain grows with its length, not with its square', () => {
  const chain = (count: number): string => Array(count).fill('ip.ttl == 80').join(' or ');
  // Of the processor: what else runs on the machine does not count.
  const microseconds = (text: string): number => {
    const start = process.cpuUsage();
    expect(readExpression(text, PACKET_LIKE, ENGINE_LIMITS).ok).toBe(true);
    return process.cpuUsage(start).user;
  };
  microseconds(chain(1000));
  // Each of a shape that has not been parsed yet.
  const short = Math.min(...[1001, 1002, 1003].map(count => microseconds(chain(count))));
  // Sixteen times the length; a quadratic parser would take 256 times as long.
  expect(microseconds(chain(16_000)) / short).toBeLessThan(80);
});
