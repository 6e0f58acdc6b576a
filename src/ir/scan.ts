// `contains`, `wildcard` and `matches` on bytes: one automaton that runs over the segment.

import { type Diagnostic, diagnostic } from '../diagnostic/diagnostic';
import type { Span } from '../diagnostic/span';
import type { RegexNode } from '../language/regex/node';
import type { BytesLiteral, TypedTest } from '../language/typed-ast';
import { dfaWithin } from './automaton/determine';
import { AUTOMATON_LIMITS, type Dfa } from './automaton/dfa';
import { literalPattern, regexPattern, wildcardLiterals, wildcardPattern } from './automaton/pattern';
import { searchDfa } from './automaton/search';
import { and, FALSE, type Formula, type Scanned } from './formula';

/** What is scanned, and what must hold for it to be there. */
export interface ScannedBytes {
  readonly guards: readonly Formula[];
  readonly segment: Scanned;
}

export type ScanTest = Extract<TypedTest, { readonly kind: 'contains' | 'wildcard' | 'matches' }>;

/** What the regular expressions of an expression have taken so far. */
export interface Spent {
  entries: number;
  steps: number;
}

export interface ScanContext {
  readonly problems: Diagnostic[];
  /** Shared by the families; undefined: nothing has been spent. */
  readonly spent?: Spent;
}

/** Of all regular expressions of an expression together. */
const MOST_ENTRIES = 4 * AUTOMATON_LIMITS.tableEntries;

/** Alone, or with those that were lowered before it. */
type TooLarge = 'pattern' | 'patterns';

/** Both families run the same one. */
const AUTOMATA = new WeakMap<ScanTest, Dfa | TooLarge>();

/** An automaton that is too large is reported; the formula is then not to be used. */
export function lowerScan(bytes: ScannedBytes, asked: ScanTest, span: Span, { problems, spent }: ScanContext): Formula {
  const pattern = patternOf(asked);
  const automaton = AUTOMATA.get(asked) ?? automatonOf(asked, pattern, spent ?? { entries: 0, steps: 0 });
  AUTOMATA.set(asked, automaton);
  if (typeof automaton === 'string') {
    const limit = String(AUTOMATON_LIMITS.tableEntries);
    const alone = automaton === 'pattern';
    problems.push(alone ? diagnostic('patternTooLarge', span, { limit }) : diagnostic('patternsTooLarge', span, {}));
    return FALSE;
  }
  const description = describe(asked);
  return and([...bytes.guards, { kind: 'scan', segment: bytes.segment, automaton, pattern, description }]);
}

/** Literals are as long as the text they stand in, and no more is asked of them. */
function automatonOf(asked: ScanTest, pattern: RegexNode, spent: Spent): Dfa | TooLarge {
  const nothing = new Uint8Array(0);
  if (asked.kind === 'contains') return searchDfa([nothing, asked.right.value, nothing], false);
  if (asked.kind === 'wildcard') return searchDfa(wildcardLiterals(asked.pattern.value), !asked.strict);
  const tableEntries = Math.min(MOST_ENTRIES - spent.entries, AUTOMATON_LIMITS.tableEntries);
  const left = AUTOMATON_LIMITS.steps - spent.steps;
  const { dfa, steps } = dfaWithin(pattern, { ...AUTOMATON_LIMITS, tableEntries, steps: left });
  spent.steps += steps;
  spent.entries += dfa?.next.length ?? 0;
  return dfa ?? (steps > left || tableEntries < AUTOMATON_LIMITS.tableEntries ? 'patterns' : 'pattern');
}

export function patternOf(asked: ScanTest): RegexNode {
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
