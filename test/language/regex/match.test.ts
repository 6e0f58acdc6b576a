// Patterns in Rust's syntax over bytes: what matches, and what is refused with which words.

import { runInNewContext } from 'node:vm';
import { checkRegex, compileRegex } from '../../../src/language/regex/compile';
import { latin1 } from '../../../src/language/value';

const LIMIT = 10 * 1024 * 1024;

function outcome(pattern: string, text: string | Uint8Array): boolean | string {
  const checked = checkRegex(pattern, LIMIT);
  if (checked.kind === 'too_big') return 'too big';
  if (checked.kind === 'syntax') return `${checked.problem} at ${checked.at.start}-${checked.at.end}`;
  return compileRegex(checked.node)(latin1(Buffer.from(text)));
}

describe('with Unicode off a character is a byte', () => {
  test.each([
    ['^.$', 'é', false],
    ['^..$', 'é', true],
    ['é', 'café', true],
    ['^é+$', 'éé', true],
    ['(?i)É', 'é', false],
    ['(?i)STRASSE', 'strasse', true],
    ['\\w', 'é', false],
    ['\\d', '٣', false],
    ['[^a]', 'é', true],
    ['.', '\n', false],
    ['(?s).', '\n', true],
    ['\\bfoo\\b', 'a foo b', true],
    ['\\bfoo\\b', 'afoo', false],
  ])('%s on %j: %s', (pattern, text, wanted) => {
    expect(outcome(pattern, text)).toBe(wanted);
  });

  test.each([
    ['\\xff', [0xff], true],
    ['\\xff', [0xc3, 0xbf], false],
    ['[\\x80-\\xff]{2}', [0x80, 0xff], true],
    ['^[^\\x00-\\x7f]$', [0x80], true],
    ['\\x00', [0], true],
    ['\\u{e9}', [0xc3, 0xa9], true],
  ])('%s on bytes %j: %s', (pattern, bytes, wanted) => {
    expect(outcome(pattern, Uint8Array.from(bytes))).toBe(wanted);
  });
});

describe('with (?u) it is a code point in UTF-8', () => {
  test.each([
    ['(?u)^.$', 'é', true],
    ['(?u)^.$', '😀', true],
    ['(?u)^\\w+$', 'naïve', true],
    ['(?u)\\d', '٣', true],
    ['(?u)^\\p{L}+$', 'żółć', true],
    ['(?u)\\pL', '1', false],
    ['(?u)\\P{L}', '1', true],
    ['(?u)\\p{Greek}', 'α', true],
    ['(?u)\\p{sc=Greek}', 'a', false],
    ['(?u)\\p{gc:lu}', 'É', true],
    ['(?u)[é-ü]', 'ö', true],
    ['(?u)^[^é]$', 'è', true],
    ['(?iu)É', 'é', true],
    ['(?iu)k', '\u212a', true],
    ['(?iu)[^k]', '\u212a', false],
    ['(?u:é)(?-u:.)', 'éx', true],
    ['(?u)\\s', '\u2003', true],
    ['(?u)\\x{1F600}', '😀', true],
    ['(?u)[\\u0000-\\u{10ffff}]', '\uffff', true],
    ['(?u)\\p{isGreek}', 'α', true],
    ['(?u)\\p{Is_Lu}', 'É', true],
    ['(?u)\\p{script extensions=old italic}', '𐌀', true],
    ['(?iu)ı', 'i', false],
    ['(?iu)i', 'İ', false],
    ['(?iu)s', 'ſ', true],
    ['(?iu)\\P{Lu}', 'a', false],
    ['(?iu)\\P{Lu}', '1', true],
    ['(?iu)[[:^lower:]]', 'A', false],
  ])('%s on %j: %s', (pattern, text, wanted) => {
    expect(outcome(pattern, text)).toBe(wanted);
  });

  test('no code point matches bytes that are no UTF-8', () => {
    expect(outcome('(?u)^.$', Uint8Array.of(0xff))).toBe(false);
    expect(outcome('(?u)^.+$', Uint8Array.of(0xed, 0xa0, 0x80))).toBe(false);
  });
});

describe('anchors, groups, alternatives and counts', () => {
  test.each([
    ['', '', true],
    ['a$', 'a\n', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['\\Ab', 'a\nb', false],
    ['a\\z', 'ba', true],
    ['^(a|b|)$', '', true],
    ['a|b', 'xbx', true],
    ['a**', '', true],
    ['^a++$', 'aaa', true],
    ['^a{2,3}?$', 'aaaa', false],
    ['^a{2}{3}$', 'aaaaaa', true],
    ['^a{2,}$', 'a', false],
    ['^(?:a{100}){30}$', 'a'.repeat(3000), true],
    ['^a{2000}$', 'a'.repeat(2000), true],
    ['^a{2000}$', 'a'.repeat(1999), false],
    ['^a{2,1500}$', 'a'.repeat(1500), true],
    ['^a{2,1500}$', 'a'.repeat(1501), false],
    ['(?P<x>a)(?<y>b)', 'ab', true],
    ['(?:(?i)a)b', 'Ab', true],
    ['(?:(?i)a)b', 'AB', false],
    ['a(?i)b|c', 'C', true],
    ['(?i:a)b', 'AB', false],
    ['(?U)a+', 'a', true],
    ['(?x) a \\  b # not c', 'a b', true],
    ['(?x)[ a b ]', ' ', false],
    ['(?x)[ ^ ] a ]', ']', false],
    ['(?x)[ - a ]', '-', true],
    ['(?x)[ a - ]', '-', true],
    ['(?x) ^ a{ 2 , }$', 'aaa', true],
    ['(?x)\\x { 4 1 }', 'A', true],
    ['(?x)( ?: a)', 'a', true],
    ['(?x)^a+ ?$', '', true],
    ['(?x)^a{1} ?$', '', false],
    ['a]b}', 'a]b}', true],
    ['\\-\\#\\/\\"', '-#/"', true],
    ['\\b{2}a', 'a', true],
    ['\\b{2}a', 'ba', false],
    ['a\\b{0}b', 'ab', true],
  ])('%s on %j: %s', (pattern, text, wanted) => {
    expect(outcome(pattern, text)).toBe(wanted);
  });
});

describe('classes', () => {
  test.each([
    ['[]a]', ']', true],
    ['[^]]', ']', false],
    ['[-a]', '-', true],
    ['[a-]', '-', true],
    ['[a-c]', 'b', true],
    ['^[a[bc]]$', 'c', true],
    ['[a-z&&[^aeiou]]', 'e', false],
    ['[a-z&&[^aeiou]]', 'x', true],
    ['[a-z--b]', 'b', false],
    ['[a-c~~b-d]', 'd', true],
    ['[a-c~~b-d]', 'b', false],
    ['[a&&b]', 'a', false],
    ['[[:alpha:]]', '1', false],
    ['[[:^alpha:]]', '1', true],
    ['[\\d\\s]', ' ', true],
    ['(?i)[a-c]', 'B', true],
    ['(?i)[^a]', 'A', false],
    ['(?i)[[:^lower:]]', 'A', false],
    ['(?i)[[:^lower:]]', '1', true],
    ['[\\]\\[]', '[', true],
  ])('%s on %j: %s', (pattern, text, wanted) => {
    expect(outcome(pattern, text)).toBe(wanted);
  });
});

describe('is refused', () => {
  test.each([
    ['(?=a)', 'look-around, including look-ahead and look-behind, is not supported at 0-3'],
    ['(?<!a)b', 'look-around, including look-ahead and look-behind, is not supported at 0-4'],
    ['(?>a)', 'unrecognized flag at 2-3'],
    ['(a', 'unclosed group at 0-1'],
    ['a)', 'unopened group at 1-2'],
    ['[a', 'unclosed character class at 0-1'],
    ['[]', 'unclosed character class at 0-1'],
    ['*a', 'repetition operator missing expression at 0-1'],
    ['a|*', 'repetition operator missing expression at 2-3'],
    ['(?i)*', 'repetition operator missing expression at 4-5'],
    ['a{', 'unclosed counted repetition at 1-2'],
    ['a{,5}', 'repetition quantifier expects a valid decimal at 1-2'],
    ['a{2,1}', 'invalid repetition count range, the start must be <= the end at 1-6'],
    ['[z-a]', 'invalid character class range, the start must be <= the end at 1-4'],
    ['[a-\\d]', 'invalid range boundary, must be a literal at 3-5'],
    ['\\1', 'backreferences are not supported at 0-2'],
    ['a\\Z', 'unrecognized escape sequence at 1-3'],
    ['\\e', 'unrecognized escape sequence at 0-2'],
    ['\\', 'incomplete escape sequence, reached end of pattern prematurely at 0-1'],
    ['\\p{L}', 'Unicode not allowed here at 0-5'],
    ['[é]', 'Unicode not allowed here at 1-2'],
    ['(?u)\\p{Nope}', 'Unicode property not found at 4-12'],
    ['(?u)\\p{^L}', 'Unicode property not found at 4-10'],
    ['(?u)\\p{gc!=L}', 'Unicode property not found at 4-13'],
    ['(?u)\\p{blk=Arrows}', 'Unicode property not found at 4-18'],
    ['(?x)[^ ]', 'unclosed character class at 4-5'],
    ['(?u)\\b', 'Unicode word boundaries are not supported; write (?-u:\\b) at 4-6'],
    ['\\b{start}', 'half word boundaries are not supported at 0-2'],
    ['(?R)a', 'CRLF mode is not supported at 2-3'],
    ['(?ii)a', 'duplicate flag at 3-4'],
    ['(?i-)a', 'dangling flag negation operator at 3-4'],
    ['(?P<x>a)(?P<x>b)', 'duplicate capture group name at 12-13'],
    ['(.{1000}){1000}', 'too big'],
    [
      `${'('.repeat(251)}${')'.repeat(251)}`,
      'exceeded the maximum number of nested parentheses/brackets (250) at 250-251',
    ],
  ])('%s: %s', (pattern, wanted) => {
    expect(outcome(pattern, '')).toBe(wanted);
  });
});

test('a pattern that makes backtracking engines explode comes to an end', () => {
  const match = () => outcome('^(a+)+$', `${'a'.repeat(20_000)}b`);
  // One that goes back would take 2^20,000 steps: the timeout only ends it.
  expect(runInNewContext('match()', { match }, { timeout: 30_000 })).toBe(false);
});
