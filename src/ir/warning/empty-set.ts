// `in {}`: Wirefilter allows it, and nothing is in it.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import type { TypedTest } from '../../language/typed-ast';
import type { ExaminedExpression } from './expression';

export function emptySet({ conditions }: ExaminedExpression): readonly Diagnostic[] {
  return conditions.flatMap(condition => {
    if (condition.kind !== 'comparison') return [];
    const items = exampleItems(condition.test);
    return items === undefined ? [] : [diagnostic('emptySet', condition.span, { items })];
  });
}

/** What could stand in it, if it is an empty set. */
function exampleItems(test: TypedTest): string | undefined {
  switch (test.kind) {
    case 'in_ints':
      return test.items.length === 0 ? '{80 443}' : undefined;
    case 'in_addresses':
      return test.items.length === 0 ? '{192.0.2.1 198.51.100.0/24}' : undefined;
    case 'in_bytes':
      return test.items.length === 0 ? '{"tcp" "udp"}' : undefined;
    default:
      return undefined;
  }
}
