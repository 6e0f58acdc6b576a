// What an expression about packets says that its author may not mean. One file a warning; each is right or silent.

import type { Diagnostic } from '../../diagnostic/diagnostic';
import { absentField } from './absent-field';
import { conditionsOf } from './condition';
import { constant } from './constant';
import { denialsOf } from './denial';
import { deprecatedField } from './deprecated-field';
import { emptySet } from './empty-set';
import type { LoweredExpression } from './expression';
import { impossibleValue } from './impossible-value';
import { otherFamily } from './other-family';
import { unknownProtocol } from './unknown-protocol';

const WARNINGS = [constant, absentField, otherFamily, deprecatedField, impossibleValue, unknownProtocol, emptySet];

export function packetWarnings(lowered: LoweredExpression): readonly Diagnostic[] {
  const { source, expression } = lowered;
  const examined = { ...lowered, conditions: conditionsOf(expression), denials: denialsOf(source, expression) };
  return WARNINGS.flatMap(find => find(examined));
}
