// Fields that are only read for the sake of older rules.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import { subject } from '../../language/field/subject';
import { conditionsOf } from './condition';
import type { LoweredExpression } from './expression';

export function deprecatedField({ expression }: LoweredExpression): readonly Diagnostic[] {
  return conditionsOf(expression).flatMap(({ left }) => {
    const { name, deprecated } = subject(left);
    if (deprecated === undefined) return [];
    return [diagnostic('deprecatedField', left.span, { field: name, instead: deprecated })];
  });
}
