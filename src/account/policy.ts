// A policy file, YAML or JSON, as the rules and lists of one account. Reading it is pure and collects every problem with
// its place; expressions are taken as text, which the compiler reads.

import { invariant } from '../diagnostic/invariant';
import type { ListItem } from './list-item';
import { crossProblems } from './policy-check';
import { type PolicyDocument, readPolicyDocument, type ScalarText } from './policy-document';
import { DEFAULT_POLICY_LIMITS, type PolicyLimits } from './policy-limits';
import { fileTooLarge, type PolicyProblem, pointer } from './policy-problem';
import { type PolicyFile, policySchema } from './policy-schema';
import { effectiveRef } from './rule-ref';
import { schemaProblems } from './schema-problem';

export interface Policy {
  /** 1 to 64 of letters, digits, _ . : and -; the API's are 32 hexadecimal digits. */
  readonly account: string;
  /** By the name that expressions use after $. Entries stand as written: they may overlap. */
  readonly lists: ReadonlyMap<string, readonly ListItem[]>;
  /** In the order in which they are tried. */
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  /** 1-based. */
  readonly index: number;
  /** Unique within the policy: as given, or else the index as text. */
  readonly ref: string;
  readonly description: string;
  readonly expression: string;
  readonly expressionSource: ExpressionSource;
  /** skip ends the ruleset and lets the packet pass: `action_parameters: {ruleset: current}` is its only form. */
  readonly action: 'block' | 'skip' | 'log';
  readonly enabled: boolean;
}

/** Where the expression stands in the file; see placeInScalar. */
export interface ExpressionSource extends ScalarText {
  /** JSON pointer. */
  readonly path: string;
}

export type PolicyReading =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'refused'; readonly problems: readonly PolicyProblem[] };

export function parsePolicy(text: string, limits: PolicyLimits = DEFAULT_POLICY_LIMITS): PolicyReading {
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.fileBytes) return refused([fileTooLarge(bytes, limits.fileBytes)]);
  const document = readPolicyDocument(text);
  if (document.problems.some(({ code }) => code === 'policy.syntax')) return refused(document.problems);
  const shape = policySchema.safeParse(document.value);
  // What YAML reading refused is absent from the value, and is not missed a second time.
  const refusedPaths = new Set(document.problems.map(({ path }) => path));
  const shapeProblems = schemaProblems(document, shape.error?.issues ?? []).filter(
    ({ path }) => !refusedPaths.has(path),
  );
  const problems = [...document.problems, ...shapeProblems, ...crossProblems(document, limits)];
  if (!shape.success || problems.length > 0) return refused(problems);
  return { kind: 'policy', policy: policyOf(document, shape.data) };
}

function refused(problems: readonly PolicyProblem[]): PolicyReading {
  const inFileOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'refused', problems: inFileOrder };
}

function policyOf(document: PolicyDocument, file: PolicyFile): Policy {
  return {
    account: file.account,
    lists: new Map(Object.entries(file.lists)),
    rules: file.rules.map((rule, position) => ({
      index: position + 1,
      ref: effectiveRef(rule.ref, position + 1),
      description: rule.description,
      expression: rule.expression,
      expressionSource: expressionSource(document, position),
      action: rule.action,
      enabled: rule.enabled,
    })),
  };
}

function expressionSource(document: PolicyDocument, position: number): ExpressionSource {
  const path = ['rules', position, 'expression'];
  const scalar = document.scalarAt(path);
  invariant(scalar !== undefined, `no scalar at ${pointer(path)}`);
  return { path: pointer(path), ...scalar };
}
