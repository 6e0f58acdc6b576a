// bench/classbench FILE... [--json] [--runs N]: each rules file measured and checked, one line for each. Exit status 1
// where a packet met another verdict or rule than the evaluator's, 2 where a file cannot be read.

import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOnSignal } from '../../src/cli/exit-on-signal';
import { median } from '../median';
import { type PacketFigures, WARM } from '../packet/measure';
import { DEFAULT_SETTINGS } from '../row';
import { measureRules } from './measure';
import { RulesFileError, readRulesFile } from './rules-file';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, runs: { type: 'string', default: String(DEFAULT_SETTINGS.runs) } },
  });
  const runs = Number(values.runs);
  if (positionals.length === 0 || !Number.isInteger(runs) || runs < 1) {
    process.stderr.write('usage: bench/classbench FILE.rules[.gz]... [--json] [--runs N]\n');
    return 2;
  }
  let differences = 0;
  for (const file of positionals) {
    const rules = readRulesFile(file);
    const figures = await measureRules(rules, { ...DEFAULT_SETTINGS, runs });
    differences += figures.check.differences;
    process.stdout.write(
      values.json ? `${JSON.stringify(record(file, rules.length, figures))}\n` : line(file, rules.length, figures),
    );
    for (const example of figures.check.examples) process.stderr.write(`${basename(file)}: ${example}\n`);
  }
  return differences === 0 ? 0 : 1;
}

function record(file: string, rules: number, { figures, check }: PacketFigures) {
  const { ours, theirs, ratio, [WARM]: warm } = figures;
  return {
    file: basename(file),
    rules,
    added_ns: round(median(ours.runs)),
    linear_added_ns: round(median(theirs.runs)),
    ratio: round(median(ratio.runs)),
    differences: check.differences,
    added_warm_ns: round(median(warm.runs)),
    packets_checked: check.packets,
    runs: { added_ns: ours.runs.map(round), linear_added_ns: theirs.runs.map(round), ratio: ratio.runs.map(round) },
  };
}

function line(file: string, rules: number, { figures, check }: PacketFigures): string {
  const { ours, theirs, ratio } = figures;
  const range = `${round(Math.min(...ratio.runs))} to ${round(Math.max(...ratio.runs))}`;
  return (
    `${basename(file)}: ${rules} rules add ${round(median(ours.runs))} ns to a packet, ` +
    `one by one in nft ${round(median(theirs.runs))} ns: ${round(median(ratio.runs))} times (${range}); ` +
    `${check.differences} of ${check.packets} packets differ from the evaluator\n`
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

exitOnSignal();
main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof RulesFileError ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exitCode = error instanceof RulesFileError ? 2 : 3;
  },
);
