// What a formula costs a packet as a rule of its own, where every test but the last holds or fails as late as it can.

import { type Formula, loadBits, type Test } from '../../ir/formula';
import { JUMP_COST, PROGRAM_COST, SCAN_COST, TEST_COST } from '../../stage/cost';
import type { RuleCost } from '../../stage/rule-backend';
import { comparison } from './comparison';
import { canLoad } from './partition';

export function ruleCost(formula: Formula): RuleCost {
  const inPrograms = costInPrograms(formula);
  const calls = inPrograms === 0 ? 0 : PROGRAM_COST;
  return { whole: costInRules(formula) + calls + inPrograms, inPrograms };
}

/** What to try first: nanoseconds a rule adds when this match fails. */
export function testCost(test: Test): number {
  const price = TEST_COST[kindOf(test)];
  return price + (loadBits(test.load) > 32 ? TEST_COST.wide : 0) + (test.mask === undefined ? 0 : TEST_COST.mask);
}

function kindOf(test: Test): 'any' | 'cmp' | 'range' | 'lookup' {
  return comparison(test).kind;
}

/** Of neighbours that need a program one call does all. */
function costInPrograms(formula: Formula): number {
  switch (formula.kind) {
    case 'constant':
      return 0;
    case 'test':
      return canLoad(formula) ? 0 : TEST_COST.range;
    case 'scan':
      return SCAN_COST;
    case 'not':
      return costInPrograms(formula.operand);
    case 'and':
    case 'or':
    case 'xor':
      return sumOf(formula.operands, costInPrograms);
  }
}

/** A conjunction is one rule; whatever else is in it has a chain of its own. */
function costInRules(formula: Formula): number {
  switch (formula.kind) {
    case 'constant':
    case 'scan':
      return 0;
    case 'test':
      return canLoad(formula) ? testCost(formula) : 0;
    case 'not':
      return JUMP_COST + costInRules(formula.operand);
    case 'and':
    case 'or':
    case 'xor':
      return sumOf(formula.operands, formula.kind === 'and' ? costInConjunction : costInChain);
  }
}

function costInConjunction(operand: Formula): number {
  return operand.kind === 'test' ? costInRules(operand) : costInChain(operand);
}

function costInChain(operand: Formula): number {
  return JUMP_COST + costInRules(operand);
}

function sumOf(operands: readonly Formula[], cost: (operand: Formula) => number): number {
  let sum = 0;
  for (const operand of operands) sum += cost(operand);
  return sum;
}
