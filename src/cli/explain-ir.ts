// rampart explain --ir: the formula as lowered, and as each rewrite that changes it leaves it, in each family. One text
// for every time the same: the tests hold it, and it may be compared between versions.

import type { CompiledExpression } from '../compile';
import { optimiseInSteps } from '../ir/optimise';
import { printFormula } from '../ir/print';
import type { PacketFamily } from '../packet/packet';

interface Step {
  /** 'lowered', or the rewrite's name. */
  readonly step: string;
  readonly formula: string;
}

export type FormulaSteps = Readonly<Record<PacketFamily, readonly Step[]>>;

export function formulaSteps({ plain }: Pick<CompiledExpression, 'plain'>): FormulaSteps {
  return { ip: stepsOf(plain, 'ip'), ip6: stepsOf(plain, 'ip6') };
}

function stepsOf(plain: CompiledExpression['plain'], family: PacketFamily): Step[] {
  const lowered = { step: 'lowered', formula: printFormula(plain[family]) };
  const rewritten = optimiseInSteps(plain[family], family).map(({ name, formula }) => ({
    step: name,
    formula: printFormula(formula),
  }));
  const steps = [lowered, ...rewritten];
  return steps.filter(({ formula }, index) => formula !== steps[index - 1]?.formula);
}

export function printFormulaSteps({ ip, ip6 }: FormulaSteps): string {
  return [...printFamily('ip', ip), ...printFamily('ip6', ip6)].join('\n\n');
}

function printFamily(family: PacketFamily, steps: readonly Step[]): string[] {
  return steps.map(({ step, formula }) => `${family}: ${step}\n${formula}`);
}
