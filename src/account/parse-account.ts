// An account's document, YAML or JSON, as an account. Reading it is pure and collects every problem with its place;
// expressions are taken as text, which the compiler reads.

import { invariant } from '../diagnostic/invariant';
import type { Account, AccountNamespace } from './account';
import { networkProblems } from './network-check';
import type { ExpressionSource } from './policy';
import { crossProblems } from './policy-check';
import { type PolicyDocument, readPolicyDocument } from './policy-document';
import { DEFAULT_POLICY_LIMITS, type PolicyLimits } from './policy-limits';
import { fileTooLarge, type PolicyProblem, pointer } from './policy-problem';
import { type PolicyFile, policySchema } from './policy-schema';
import { effectiveRef } from './rule-ref';
import { schemaProblems } from './schema-problem';
import { tunnelOf } from './tunnel';

export type AccountReading =
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'refused'; readonly problems: readonly PolicyProblem[] };

export function parseAccount(text: string, limits: PolicyLimits = DEFAULT_POLICY_LIMITS): AccountReading {
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
  const problems = [
    ...document.problems,
    ...shapeProblems,
    ...crossProblems(document, limits),
    ...networkProblems(document, limits),
  ];
  if (!shape.success || problems.length > 0) return refused(problems);
  return { kind: 'account', account: accountOf(document, shape.data) };
}

function refused(problems: readonly PolicyProblem[]): AccountReading {
  const inFileOrder = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'refused', problems: inFileOrder };
}

function accountOf(document: PolicyDocument, file: PolicyFile): Account {
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
    namespace: namespaceOf(file.namespace),
    prefixes: file.prefixes,
    tunnels: file.tunnels.map(tunnelOf),
    routes: file.routes.map(({ gateway, ...route }) => ({ ...route, ...(gateway && { gateway }) })),
    return: file.return,
    mss: file.mss,
  };
}

function expressionSource(document: PolicyDocument, position: number): ExpressionSource {
  const path = ['rules', position, 'expression'];
  const scalar = document.scalarAt(path);
  invariant(scalar !== undefined, `no scalar at ${pointer(path)}`);
  return { path: pointer(path), ...scalar };
}

function namespaceOf(namespace: PolicyFile['namespace']): AccountNamespace {
  return typeof namespace === 'string' ? { kind: namespace } : { kind: 'existing', name: namespace.existing };
}
