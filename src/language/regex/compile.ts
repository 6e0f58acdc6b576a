// Patterns to matchers. Linear time in the length of the value for every pattern: RE2's algorithm, over bytes.

import { RE2JS } from 're2js';
import type { Span } from '../../diagnostic/span';
import type { RegexNode } from './node';
import { parseRegex } from './parse-regex';
import { printRe2 } from './re2';
import { compiledSize } from './size';

export type CheckedRegex =
  | { readonly kind: 'regex'; readonly node: RegexNode }
  | { readonly kind: 'too_big' }
  | { readonly kind: 'syntax'; readonly problem: string; readonly at: Span };

/** Whether a pattern is right and within the limit, without the cost of compiling it. */
export function checkRegex(pattern: string, limit: number): CheckedRegex {
  const parsed = parseRegex(pattern);
  if (!parsed.ok) return { kind: 'syntax', problem: parsed.problem, at: parsed.at };
  return compiledSize(parsed.node) > limit ? { kind: 'too_big' } : { kind: 'regex', node: parsed.node };
}

/** The text has one character U+0000 to U+00FF for each byte. */
export type RegexMatcher = (latin1: string) => boolean;

export function compileRegex(node: RegexNode): RegexMatcher {
  const compiled = RE2JS.compile(printRe2(node), RE2JS.DISABLE_UNICODE_GROUPS);
  return latin1 => compiled.test(latin1);
}
