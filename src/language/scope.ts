// What the passes of check() share: the source, the scheme to check against, and the diagnostics found so far. All of
// them are collected; what depends on something wrong is left unchecked.

import type { Problem } from '../diagnostic/catalogue';
import { type Diagnostic, diagnostic, type Words } from '../diagnostic/diagnostic';
import { type Span, span } from '../diagnostic/span';
import type { Limits } from './limits';
import type { Scheme } from './scheme';

export interface Scope {
  readonly source: string;
  /** The source without the white space around it. */
  readonly extent: Span;
  readonly scheme: Scheme;
  readonly limits: Limits;
  /** Errors and warnings. */
  readonly diagnostics: Diagnostic[];
}

/** Always undefined, so that a reader can report and give up in one statement. */
export function report(scope: Scope, problem: Problem, at: Span, words: Words = {}): undefined {
  scope.diagnostics.push(diagnostic(problem, at, words));
}

export function errorsOf(scope: Scope): readonly Diagnostic[] {
  return scope.diagnostics.filter(({ severity }) => severity === 'error');
}

/** From an offset to the end of the text: where Wirefilter's parser stopped and everything it did not read. */
export function restFrom(scope: Scope, offset: number): Span {
  return span(Math.min(offset, scope.extent.end), scope.extent.end);
}

/** The same, without the white space at its beginning. */
export function restAfterSpace(scope: Scope, offset: number): Span {
  let start = offset;
  while (start < scope.extent.end && /[ \r\n]/.test(scope.source.charAt(start))) start++;
  return restFrom(scope, start);
}
