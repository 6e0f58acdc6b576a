// A policy from a file. What is wrong with the file is thrown as one error that holds all of it.

import { readFileSync, statSync } from 'node:fs';
import type { Account } from './account';
import { parseAccount } from './parse-account';
import { DEFAULT_POLICY_LIMITS, type PolicyLimits } from './policy-limits';
import { fileTooLarge, type PolicyProblem } from './policy-problem';

export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'policy.refused';
  readonly file: string;
  /** At least one, in the order of the file. */
  readonly problems: readonly PolicyProblem[];

  constructor(file: string, problems: readonly PolicyProblem[]) {
    super(`${file}: ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`);
    this.file = file;
    this.problems = problems;
  }
}

/** Throws PolicyError, and what the system says of a file that cannot be read. */
export function readPolicyFile(file: string, limits: PolicyLimits = DEFAULT_POLICY_LIMITS): Account {
  return readPolicyAndText(file, limits).policy;
}

/** The same with the file's text: a pipe can be read once only. */
export function readPolicyAndText(
  file: string,
  limits: PolicyLimits = DEFAULT_POLICY_LIMITS,
): { readonly policy: Account; readonly text: string } {
  // A pipe has size 0 and is measured by parsePolicy.
  const { size } = statSync(file);
  if (size > limits.fileBytes) throw new PolicyError(file, [fileTooLarge(size, limits.fileBytes)]);
  const text = decode(file, readFileSync(file));
  const reading = parseAccount(text, limits);
  if (reading.kind === 'refused') throw new PolicyError(file, reading.problems);
  return { policy: reading.account, text };
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const message = 'the file is not UTF-8 text';
    const cure = 'save it as UTF-8';
    throw new PolicyError(file, [{ code: 'policy.syntax', path: '', line: 1, column: 1, message, cure }]);
  }
}
