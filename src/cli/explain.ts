// rampart explain: every stage of an expression on its way to the kernel, as text; without one, what the rules of a policy
// become together.

import { stringify } from 'lossless-json';
import { printTable } from '../backend/nft/notation';
import { type CompiledExpression, compile, compileExpression } from '../compile';
import { printFormula } from '../ir/print';
import { expressionJson } from '../language/json';
import { FAMILIES } from '../packet/families';
import type { PacketFamily } from '../packet/packet';
import type { Plan } from '../plan';
import { ExpressionError, expressionReports } from '../report/expression-report';
import { type Register, UsageError } from './command';
import { EXIT, type ExitCode } from './exit-code';
import { formulaSteps, printFormulaSteps } from './explain-ir';
import { policyStages, printPolicyStages } from './explain-stages';
import { accepted, givenRules } from './given-rules';
import { type BackendOption, compileOptions, type SiteOption, siteOf, withBackend, withSite } from './options';
import type { Output } from './output';
import { printWarnings, warningReports } from './output-warning';

interface ExplainOptions extends BackendOption, SiteOption {
  readonly file?: string;
  readonly ir?: boolean;
}

export const register: Register = (program, act) => {
  const command = program
    .command('explain [expression]')
    .description(
      'shows what becomes of an expression: AST, formula, nftables rules, eBPF programs; or of a policy: stages',
    )
    .option('-f, --file <policy>', 'the policy; with an expression the one whose lists it names')
    .option('--ir', 'only the formula: as lowered, and after each rewrite that changes it');
  withSite(withBackend(command)).action(
    act((output, expression: string | undefined, options: ExplainOptions) => {
      if (expression === undefined) return explainPolicy(output, options);
      const given = givenRules({ expr: expression, ...options });
      const compiled = compileExpression(expression, given.text.lists, siteOf(options));
      if (!compiled.ok) throw new ExpressionError([{ expression, diagnostics: compiled.diagnostics }]);
      const warnings = expressionReports({ expression, diagnostics: compiled.value.warnings });
      printWarnings(output, warnings);
      if (options.ir) {
        const steps = formulaSteps(compiled.value);
        output.print(steps, () => printFormulaSteps(steps));
        return EXIT.done;
      }
      const plan = accepted(given, compile(given.text, compileOptions(options)));
      const stages = explain(compiled.value, plan);
      output.print({ ...stages, warnings }, () => printStages(stages));
      return EXIT.done;
    }),
  );
};

function explainPolicy(output: Output, options: ExplainOptions): ExitCode {
  if (options.file === undefined)
    throw new UsageError('nothing is given to explain', 'give an expression or -f POLICY');
  if (options.ir) throw new UsageError('--ir is of one expression', 'give the expression');
  const given = givenRules({ file: options.file });
  const outcome = compile(given.text, compileOptions(options));
  const plan = accepted(given, outcome);
  const warnings = outcome.ok ? warningReports(given, outcome.warned) : [];
  printWarnings(output, warnings);
  const stages = policyStages(plan);
  output.print({ account: plan.account, version: plan.version, ...stages, warnings }, () => printPolicyStages(stages));
  return EXIT.done;
}

interface Stages {
  readonly ast: ReturnType<typeof expressionJson>;
  /** Formulas as lowered and as optimised, by family. */
  readonly lowered: Readonly<Record<PacketFamily, string>>;
  readonly optimised: Readonly<Record<PacketFamily, string>>;
  readonly nft: Readonly<Record<PacketFamily, string>>;
  /** What takes the rule in each family; none where it matches no packet. */
  readonly backend: Readonly<Record<PacketFamily, string>>;
  /** C text by program name. */
  readonly ebpf: Readonly<Record<string, string>>;
}

function explain({ typed, plain, formula }: CompiledExpression, plan: Plan): Stages {
  return {
    ast: expressionJson(typed),
    lowered: { ip: printFormula(plain.ip), ip6: printFormula(plain.ip6) },
    optimised: { ip: printFormula(formula.ip), ip6: printFormula(formula.ip6) },
    nft: { ip: printTable(plan.tables.ip), ip6: printTable(plan.tables.ip6) },
    backend: { ip: plan.backends.ip[0] ?? 'none', ip6: plan.backends.ip6[0] ?? 'none' },
    ebpf: Object.fromEntries([...plan.programs.values()].map(({ name, text }) => [name, text])),
  };
}

function printStages(stages: Stages): string {
  const byFamily = (title: string, texts: Readonly<Record<PacketFamily, string>>) =>
    FAMILIES.map(family => `${title} (${family})\n${texts[family].trimEnd()}`);
  return [
    `AST\n${stringify(stages.ast, undefined, 2)}`,
    ...byFamily('formula', stages.lowered),
    ...byFamily('optimised', stages.optimised),
    `backend\nip: ${stages.backend.ip}, ip6: ${stages.backend.ip6}`,
    ...byFamily('nftables', stages.nft),
    ...Object.entries(stages.ebpf).map(([name, text]) => `eBPF program ${name}\n${text.trimEnd()}`),
  ].join('\n\n');
}
