// Fields that are only read for the sake of older rules.

import { type Diagnostic, diagnostic } from '../../diagnostic/diagnostic';
import { subject } from '../../language/field/subject';
import type { ExaminedExpression } from './expression';

export function deprecatedField({ conditions }: ExaminedExpression): readonly Diagnostic[] {
  return conditions.flatMap(({ left }) => {
    const { name, deprecated } = subject(left);
    if (deprecated === undefined) return [];
    return [diagnostic('deprecatedField', left.span, { field: name, instead: deprecated })];
  });
}
