// `contains`, `wildcard` and `matches` on bytes: one automaton that runs over the segment.

import type { BytesLiteral, TypedTest } from '../language/typed-ast';
import { AUTOMATON_LIMITS, dfaOf } from './automaton/dfa';
import { literalPattern, regexPattern, wildcardPattern } from './automaton/pattern';
import { type PacketBytes, startsWith } from './bytes';
import { and, type Formula } from './formula';

export type ScanTest = Extract<TypedTest, { readonly kind: 'contains' | 'wildcard' | 'matches' }>;

/** undefined when the automaton would be larger than a program may carry. */
export function lowerScan(bytes: PacketBytes, asked: ScanTest, limits = AUTOMATON_LIMITS): Formula | undefined {
  // Nothing is contained in every value that is there.
  if (asked.kind === 'contains' && asked.right.value.length === 0) return startsWith(bytes, asked.right.value);
  const pattern = patternOf(asked);
  const automaton = dfaOf(pattern, limits);
  if (automaton === undefined) return undefined;
  const description = describe(asked);
  return and([...bytes.guards, { kind: 'scan', segment: bytes.segment, automaton, pattern, description }]);
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
