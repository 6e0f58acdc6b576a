// What an expression about packets says that its author may not mean. One file a warning; each is right or silent.

import type { Diagnostic } from '../../diagnostic/diagnostic';
import { absentField } from './absent-field';
import { constant } from './constant';
import { deprecatedField } from './deprecated-field';
import { emptySet } from './empty-set';
import type { LoweredExpression } from './expression';
import { impossibleValue } from './impossible-value';
import { otherFamily } from './other-family';
import { unknownProtocol } from './unknown-protocol';

const WARNINGS = [constant, absentField, otherFamily, deprecatedField, impossibleValue, unknownProtocol, emptySet];

export function packetWarnings(lowered: LoweredExpression): readonly Diagnostic[] {
  return WARNINGS.flatMap(find => find(lowered));
}
