// Policies from real files: what is thrown when the file itself is at fault.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyError, readPolicyFile } from '../../src/account/policy-file';
import { DEFAULT_POLICY_LIMITS } from '../../src/account/policy-limits';

const folder = mkdtempSync(join(tmpdir(), `rampart-policy-${process.pid}-`));
const GOOD = 'account: 0123456789abcdef0123456789abcdef\nrules: []\n';

afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(content: string | Uint8Array): string {
  const path = join(folder, `${Math.random().toString(36).slice(2)}.yaml`);
  writeFileSync(path, content);
  return path;
}

function refusalOf(file: string, limits = DEFAULT_POLICY_LIMITS): PolicyError {
  try {
    readPolicyFile(file, limits);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('the policy was read');
}

test('a good file is read', () => {
  expect(readPolicyFile(fileOf(GOOD)).account).toBe('0123456789abcdef0123456789abcdef');
});

test('a byte order mark is no part of the policy', () => {
  expect(readPolicyFile(fileOf(`\ufeff${GOOD}`)).rules).toEqual([]);
});

test('the refusal names the file and holds all problems in the order of the file', () => {
  const file = fileOf('rules: 1\naccount: x y\n');
  const error = refusalOf(file);
  expect(error.message).toBe(`${file}: 2 problems`);
  expect(error.problems.map(({ path, line }) => [path, line])).toEqual([
    ['/rules', 1],
    ['/account', 2],
  ]);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(refusalOf(fileOf(Uint8Array.of(0x61, 0xff))).problems).toEqual([
    {
      code: 'policy.syntax',
      path: '',
      line: 1,
      column: 1,
      message: 'the file is not UTF-8 text',
      cure: 'save it as UTF-8',
    },
  ]);
});

test('a file over the limit is refused unread', () => {
  const error = refusalOf(fileOf(GOOD), { ...DEFAULT_POLICY_LIMITS, fileBytes: GOOD.length - 1 });
  expect(error.problems.map(({ code, message }) => [code, message])).toEqual([
    ['policy.limit', `the file has ${GOOD.length} bytes, and a policy may have ${GOOD.length - 1}`],
  ]);
});

test('a file that does not exist is named by the system', () => {
  expect(() => readPolicyFile('/nonexistent/policy.yaml')).toThrow(/ENOENT.*\/nonexistent\/policy\.yaml/);
});
