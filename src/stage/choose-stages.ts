// Which stages the rules of a family become.

import type { Formula } from '../ir/formula';
import type { Rule } from '../ir/ruleset';
import type { PacketFamily } from '../packet/packet';
import type { Stage } from './stage';

export function chooseStages(ruled: readonly Rule[], family: PacketFamily): Stage[] {
  const rules = ruled.filter(rule => !isFalse(rule.formula[family]));
  return rules.length === 0 ? [] : [{ kind: 'linear', rules, reason: 'one rule after the other', cost: 0 }];
}

function isFalse(formula: Formula): boolean {
  return formula.kind === 'constant' && !formula.value;
}
