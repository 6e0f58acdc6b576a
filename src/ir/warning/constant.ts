// An expression that no packet can match, or that every packet matches, as far as the rewrites find out.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import { subject } from '../../language/field/subject';
import { asksExternal, asksList } from './condition';
import type { ExaminedExpression } from './expression';

export function constant({
  expression,
  conditions,
  formula: { ip, ip6 },
  lists,
}: ExaminedExpression): readonly Diagnostic[] {
  if (ip.kind !== 'constant' || ip6.kind !== 'constant' || ip.value !== ip6.value) return [];
  // `true` and `false` say so themselves.
  if (expression.kind === 'truth' && subject(expression.left).source.kind === 'constant') return [];
  // It may be otherwise on another host.
  if (conditions.some(asksExternal)) return [];
  if (lists === undefined && conditions.some(asksList)) return [];
  return [diagnostic(ip.value ? 'alwaysMatches' : 'neverMatches', expression.span)];
}
