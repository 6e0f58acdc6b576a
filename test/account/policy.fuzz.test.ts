// Policies with random damage: reading never throws, every problem is complete, and every letter of an expression that
// is read is found in the file at the place that is told for it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseAccount } from '../../src/account/parse-account';
import type { PolicyRule } from '../../src/account/policy';
import { PolicyError, readPolicyFile } from '../../src/account/policy-file';
import { placeInScalar } from '../../src/account/scalar-place';

const POLICY = `account: 0123456789abcdef0123456789abcdef
lists: {a: [192.0.2.1, "2001:db8::/32"], b: &x []}
rules:
  - ref: r1
    expression: |
      tcp.dstport == 80
      or ends_with(udp.payload, "xyzzy")
    action: block
  - {expression: 'a ''b'' c', action: skip, action_parameters: {ruleset: current}}
  - {"expression": "a \\"b\\" \\u0041", "action": "log", enabled: false}
  - expression: >-
      a
      b

      c
    action: log
`;

const pieces = ['\n', ' ', '- ', ':', ': ', '? ', '{', '}', '[', ']', ',', '"', "'", '|', '>', '&a', '*a', '!t', '#'];
const stranger = ['\t', '\\', 'null', '~', '1', '%', '---', '...', 'é', '😀', '\0', '<<: ', '__proto__: '];

const damage = fc.record({
  at: fc.nat(POLICY.length),
  remove: fc.nat(2),
  insert: fc.constantFrom(...pieces, ...stranger),
});

function damaged(text: string, { at, remove, insert }: { at: number; remove: number; insert: string }): string {
  return text.slice(0, at) + insert + text.slice(at + remove);
}

test('undamaged, the policy is read, and all letters are found', () => {
  const reading = parseAccount(POLICY);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  expect(reading.account.rules.map(rule => misplaced(POLICY, rule))).toEqual([[], [], [], []]);
});

test('damaged, it is read or refused in full', () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), damages => {
      const text = damages.reduce(damaged, POLICY);
      const reading = parseAccount(text);
      if (reading.kind === 'account') return reading.account.rules.every(rule => misplaced(text, rule).length === 0);
      return reading.problems.length > 0 && reading.problems.every(isComplete);
    }),
  );
});

test('any text at all is read or refused', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      const reading = parseAccount(text);
      return reading.kind === 'account' || reading.problems.every(isComplete);
    }),
  );
});

test('any bytes in a file are read or refused', () => {
  const folder = mkdtempSync(join(tmpdir(), `rampart-policy-fuzz-${process.pid}-`));
  const file = join(folder, 'policy.yaml');
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.tuple(fc.nat(POLICY.length), fc.uint8Array({ maxLength: 8 })).map(([at, inserted]) => {
      return Buffer.concat([Buffer.from(POLICY.slice(0, at)), inserted, Buffer.from(POLICY.slice(at))]);
    }),
  );
  try {
    fc.assert(
      fc.property(bytes, each => {
        writeFileSync(file, each);
        expectPolicyOrProblems(file);
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['lists in lists', '['.repeat(50_000)],
  ['maps in maps', '{a: '.repeat(50_000)],
  ['lists in lists by indentation', '- '.repeat(5_000)],
  ['keys', 'a: '.repeat(50_000)],
  ['one key', 'a'.repeat(500_000)],
  ['lines', 'a\n'.repeat(50_000)],
  [
    'aliases of aliases',
    `${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`).join('\n')}`,
  ],
  ['quotes', '"'.repeat(50_000)],
  ['rules of one kind', `${POLICY}${'  - {expression: true, action: log}\n'.repeat(10_001)}`],
])('many %s are read or refused', (_, text) => {
  const reading = parseAccount(text);
  expect(reading.kind === 'account' || (reading.problems.length > 0 && reading.problems.every(isComplete))).toBe(true);
});

function expectPolicyOrProblems(file: string): void {
  try {
    readPolicyFile(file);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    if (error.problems.length === 0 || !error.problems.every(isComplete)) throw error;
  }
}

function isComplete(problem: { line: number; column: number; message: string; cure: string }): boolean {
  return problem.line >= 1 && problem.column >= 1 && problem.message !== '' && problem.cure !== '';
}

/** Offsets of letters that do not stand where they are said to; an escape and a scalar's beginning may stand for one. */
function misplaced(text: string, { expression, expressionSource }: PolicyRule): number[] {
  const lines = text.split('\n');
  return [...expression.matchAll(/[a-z]/g)].flatMap(({ 0: letter, index }) => {
    const { line, column } = placeInScalar(expressionSource, expression, index);
    const there = lines[line - 1]?.[column - 1];
    const atBeginning = line === expressionSource.line && column === expressionSource.column;
    return there === letter || there === '\\' || atBeginning ? [] : [index];
  });
}
