// The schema's issues as problems of the file: named by key and type in the operator's words, placed by the document.

import type { z } from 'zod';
import type { PolicyDocument } from './policy-document';
import { type Path, type PolicyProblem, type PolicyProblemCode, pointer } from './policy-problem';
import { CURES, KEYS } from './policy-schema';

type Issue = z.core.$ZodIssue;

export function schemaProblems(document: PolicyDocument, issues: readonly Issue[]): PolicyProblem[] {
  return issues.flatMap(issue => {
    const path = issue.path.map(step => (typeof step === 'symbol' ? String(step) : step));
    return issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => unknownKey(document, path, key))
      : [problemAt(document, path, issue)];
  });
}

function unknownKey(document: PolicyDocument, path: Path, key: string): PolicyProblem {
  const known = KEYS[pattern(path)] ?? [];
  return {
    code: 'policy.unknown-key',
    path: pointer([...path, key]),
    ...document.keyPlaceOf([...path, key]),
    message: `unknown key "${key}"`,
    cure: `remove it; the keys here are ${known.join(', ')}`,
  };
}

function problemAt(document: PolicyDocument, path: Path, issue: Issue): PolicyProblem {
  const found = valueAt(document.value, path);
  const { code, message } = describe(path, issue, found);
  return { code, path: pointer(path), ...document.placeOf(path), message, cure: cureOf(path, issue) };
}

function describe(path: Path, issue: Issue, found: unknown): { code: PolicyProblemCode; message: string } {
  if (found === undefined) return { code: 'policy.missing', message: `"${path.at(-1)}" is missing` };
  switch (issue.code) {
    case 'custom':
      return { code: codeOf(issue), message: issue.message };
    case 'invalid_type':
      return {
        code: 'policy.type',
        message: `${kindOf(found)} where ${TYPE_WORDS[issue.expected] ?? issue.expected} belongs`,
      };
    default:
      return { code: 'policy.value', message: `${quote(found)} is not allowed here` };
  }
}

/** As the schema's own checks say it. */
function codeOf(issue: z.core.$ZodIssueCustom): PolicyProblemCode {
  return issue.params?.code === 'policy.list-item' ? 'policy.list-item' : 'policy.value';
}

function cureOf(path: Path, issue: Issue): string {
  const own = issue.code === 'custom' ? issue.params?.cure : undefined;
  return typeof own === 'string' ? own : (CURES[pattern(path)] ?? issue.message);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'text' : `the ${typeof value} ${String(value)}`;
}

function quote(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 80)}… (${text.length} characters)`;
}

/** A path with the names and indices that differ from policy to policy replaced by *. */
function pattern(path: Path): string {
  return pointer(
    path.map((step, depth) => (typeof step === 'number' || (depth === 1 && path[0] === 'lists') ? '*' : step)),
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => (isRecord(part) ? part[step] : undefined), value);
}

function isRecord(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
