// Names are looked up in the scheme: fields and functions share one space. What is not found is compared with what is
// there, since most unknown names are misspelt ones.

import { nearestNames } from '../../diagnostic/nearest';
import type { Span } from '../../diagnostic/span';
import type { Name } from '../ast';
import { report, restAfterSpace, type Scope } from '../scope';
import type { FieldReference } from '../typed-ast';

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
  if (/^[0-9]+$/.test(name)) return report(scope, 'literalOnTheLeft', at);
  return report(scope, 'unknownName', at, { name, nearest: nearestHint(scope, name) });
}

export function nearestHint(scope: Scope, name: string): string {
  const { fields, functions } = scope.scheme;
  const nearest = nearestNames(name, [...fields.keys(), ...functions.keys()]);
  return nearest.length === 0 ? '' : `; did you mean ${nearest.map(each => `\`${each}\``).join(' or ')}?`;
}
