// `contains`, `wildcard` and `matches` on bytes: one automaton that runs over the segment.

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import type { Span } from '../diagnostic/span';
import type { BytesLiteral, TypedTest } from '../language/typed-ast';
import { AUTOMATON_LIMITS, dfaOf } from './automaton/dfa';
import { literalPattern, regexPattern, wildcardPattern } from './automaton/pattern';
import { and, FALSE, type Formula, type Scanned } from './formula';

/** What is scanned, and what must hold for it to be there. */
export interface ScannedBytes {
  readonly guards: readonly Formula[];
  readonly segment: Scanned;
}

export type ScanTest = Extract<TypedTest, { readonly kind: 'contains' | 'wildcard' | 'matches' }>;

/** undefined when the automaton would be larger than a program may carry. */
export function lowerScan(bytes: ScannedBytes, asked: ScanTest, limits = AUTOMATON_LIMITS): Formula | undefined {
  const pattern = patternOf(asked);
  const automaton = dfaOf(pattern, limits);
  if (automaton === undefined) return undefined;
  const description = describe(asked);
  return and([...bytes.guards, { kind: 'scan', segment: bytes.segment, automaton, pattern, description }]);
}

/** An automaton that is too large is reported; the formula is then not to be used. */
export function scanOrProblem(bytes: ScannedBytes, asked: ScanTest, span: Span, problems: Diagnostic[]): Formula {
  const scan = lowerScan(bytes, asked);
  if (scan !== undefined) return scan;
  problems.push(diagnostic('patternTooLarge', span, { limit: String(AUTOMATON_LIMITS.tableEntries) }));
  return FALSE;
}

function patternOf(asked: ScanTest): ReturnType<typeof literalPattern> {
  switch (asked.kind) {
    case 'contains':
      return literalPattern(asked.right.value);
    case 'wildcard':
      return wildcardPattern(asked.pattern.value, asked.strict);
    case 'matches':
      return regexPattern(asked.pattern);
  }
}

function describe(asked: ScanTest): string {
  if (asked.kind === 'matches') return `matches ${JSON.stringify(asked.pattern)}`;
  if (asked.kind === 'contains') return `contains ${hex(asked.right)}`;
  return `${asked.strict ? 'strict wildcard' : 'wildcard'} ${hex(asked.pattern)}`;
}

function hex({ value }: BytesLiteral): string {
  return `0x${Buffer.from(value).toString('hex')}`;
}
