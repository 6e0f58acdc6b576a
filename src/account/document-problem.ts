// A problem at one place of a document.

import type { PolicyDocument } from './policy-document';
import { type Path, type PolicyProblem, type PolicyProblemCode, pointer } from './policy-problem';

export interface ProblemWords {
  readonly message: string;
  readonly cure: string;
}

export function documentProblem(
  document: PolicyDocument,
  path: Path,
  code: PolicyProblemCode,
  words: ProblemWords,
): PolicyProblem {
  return { code, path: pointer(path), ...document.placeOf(path), ...words };
}
