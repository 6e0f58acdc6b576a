// Names are looked up in the scheme: fields and functions share one space. What is not found is compared with what is
// there, since most unknown names are misspelt ones.

import { diagnostic, explained } from '../../diagnostic/diagnostic';
import { nearestNames } from '../../diagnostic/nearest';
import type { Span } from '../../diagnostic/span';
import type { Name } from '../ast';
import { report, restAfterSpace, type Scope } from '../scope';
import type { FieldReference } from '../typed-ast';

const STANDS_BETWEEN: ReadonlySet<string> = new Set(['contains', 'matches', 'wildcard']);
const LOGICAL_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'xor']);

export function checkField(scope: Scope, { name, span }: Name): FieldReference | undefined {
  const field = scope.scheme.fields.get(name);
  if (field !== undefined) return { kind: 'field', field, span };
  return scope.scheme.functions.has(name)
    ? report(scope, 'functionNeedsArguments', restAfterSpace(scope, span.end), { name })
    : unknown(scope, name, span);
}

export function unknown(scope: Scope, name: string, at: Span): undefined {
  if (LOGICAL_WORDS.has(name)) return report(scope, 'keywordAsName', at, { name });
  if (/^[0-9]+$/.test(name)) return report(scope, isCompared(scope, at) ? 'literalOnTheLeft' : 'valueAlone', at);
  const general = diagnostic('unknownName', at, { name, nearest: nearestHint(scope, name) });
  const isNot = name.toLowerCase() === 'not';
  scope.diagnostics.push(
    isNot ? explained(general, { problem: 'wordInCapitals', words: { operator: 'not' } }) : general,
  );
  return undefined;
}

/** Whether a comparison follows: `1 < ip.ttl`. */
function isCompared(scope: Scope, at: Span): boolean {
  return /^[ \r\n]*(?:[=!<>]|(?:eq|ne|lt|le|gt|ge|in)\b)/.test(scope.source.slice(at.end, scope.extent.end));
}

export function nearestHint(scope: Scope, name: string): string {
  const { fields, functions, otherSpellings } = scope.scheme;
  const others = otherSpellings ?? new Map<string, readonly string[]>();
  const own = others.get(name.toLowerCase()) ?? nearestNames(name, [...fields.keys(), ...functions.keys()]);
  const nearest = own.length > 0 ? own : (others.get(nearestNames(name, others.keys())[0] ?? '') ?? []);
  if (nearest.length === 0 && STANDS_BETWEEN.has(name)) {
    return `; it stands between a field and a value: \`udp.payload ${name} "…"\``;
  }
  return nearest.length === 0 ? '' : `; did you mean ${nearest.map(each => `\`${each}\``).join(' or ')}?`;
}
