// rampart fmt: expressions in their canonical form, one or all of a policy file.

import { readFileSync } from 'node:fs';
import { formatPolicy, type NewText } from '../account/format-policy';
import type { Policy } from '../account/policy';
import { readPolicyAndText } from '../account/policy-file';
import { replaceFile } from '../account/replace-file';
import { readExpression } from '../language/expression';
import { packetScheme } from '../language/field/packet-scheme';
import { format, formatOnOneLine } from '../language/format';
import { PACKET_LIMITS } from '../language/limits';
import { ExpressionError, refusedPolicy } from '../report/expression-report';
import { type Register, UsageError } from './command';
import { EXIT, type ExitCode } from './exit-code';
import type { Output } from './output';

interface FmtOptions {
  readonly file?: string;
  readonly write?: boolean;
  readonly check?: boolean;
}

export const register: Register = (program, act) => {
  program
    .command('fmt [expression]')
    .description('prints an expression in its canonical form; without one, reads it from standard input')
    .option('-f, --file <policy>', 'a policy with all its expressions in that form, and everything else as it stands')
    .option('--write', 'put the policy back into its file')
    .option('--check', 'print nothing but what differs, and end with status 1 if something does')
    .action(
      act((output, expression: string | undefined, options: FmtOptions) => {
        if (options.file !== undefined && expression !== undefined)
          throw new UsageError('an expression and a policy', 'give one of them');
        if (options.write && (options.file === undefined || options.check))
          throw new UsageError('--write is for a policy, and not for --check', 'give -f POLICY --write');
        return options.file === undefined
          ? formatOne(output, expression ?? readFileSync(0, 'utf8'), options)
          : formatFile(output, options.file, options);
      }),
    );
};

function formatOne(output: Output, expression: string, { check }: FmtOptions): ExitCode {
  const read = readExpression(expression, packetScheme(undefined), PACKET_LIMITS);
  if (!read.ok) throw new ExpressionError([{ expression, diagnostics: read.diagnostics }]);
  const formatted = format(read.ast, PACKET_LIMITS.length);
  const differs = formatted !== expression.trim();
  if (check !== true) output.print({ formatted, differs }, () => formatted);
  else output.print({ differs }, () => (differs ? 'the expression is not formatted' : 'formatted'));
  return check && differs ? EXIT.refused : EXIT.done;
}

function formatFile(output: Output, file: string, { check, write }: FmtOptions): ExitCode {
  const { policy, text: before } = readPolicyAndText(file);
  const texts = new Map(formattedRules(file, policy));
  const { text, changed } = formatPolicy(before, expression => {
    return texts.get(expression) ?? { lines: expression, oneLine: expression };
  });
  const rules = changed.map(position => policy.rules[position]?.ref ?? String(position + 1));
  if (check) {
    output.print({ file, rules }, () => (rules.length === 0 ? 'formatted' : `not formatted: ${rules.join(', ')}`));
    return rules.length === 0 ? EXIT.done : EXIT.refused;
  }
  if (write) {
    if (rules.length > 0) replaceFile(file, text);
    output.print({ file, rules }, () => (rules.length === 0 ? 'nothing changed' : `formatted: ${rules.join(', ')}`));
    return EXIT.done;
  }
  output.print({ file, rules, text }, () => text.replace(/\n$/, ''));
  return EXIT.done;
}

/** By the expression as it is written. Throws ExpressionError, of all rules that are wrong. */
function formattedRules(file: string, policy: Policy): [string, NewText][] {
  const scheme = packetScheme(policy.lists.keys());
  const read = policy.rules.map(({ index, expression }) => {
    return { index, expression, result: readExpression(expression, scheme, PACKET_LIMITS) };
  });
  const refused = read.flatMap(({ index, result }) => (result.ok ? [] : [{ index, diagnostics: result.diagnostics }]));
  if (refused.length > 0) throw refusedPolicy(file, policy, refused);
  return read.flatMap(({ expression, result }): [string, NewText][] => {
    if (!result.ok) return [];
    const { length } = PACKET_LIMITS;
    return [[expression, { lines: format(result.ast, length), oneLine: formatOnOneLine(result.ast, length) }]];
  });
}
