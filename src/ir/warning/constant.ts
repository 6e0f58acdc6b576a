// An expression that no packet can match, or that every packet matches, as far as the rewrites find out.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import { subject } from '../../language/field/subject';
import { asksExternal, asksList, conditionsOf } from './condition';
import type { LoweredExpression } from './expression';

export function constant({ expression, formula: { ip, ip6 }, lists }: LoweredExpression): readonly Diagnostic[] {
  if (ip.kind !== 'constant' || ip6.kind !== 'constant' || ip.value !== ip6.value) return [];
  // `true` and `false` say so themselves.
  if (expression.kind === 'truth' && subject(expression.left).source.kind === 'constant') return [];
  // It may be otherwise on another host.
  if (conditionsOf(expression).some(asksExternal)) return [];
  if (lists === undefined && conditionsOf(expression).some(asksList)) return [];
  return [diagnostic(ip.value ? 'alwaysMatches' : 'neverMatches', expression.span)];
}
