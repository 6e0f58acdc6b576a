// rampart expr run: cases of a conformance corpus from standard input, each with its own scheme, through the language
// engine.

import { createInterface } from 'node:readline';
import { runCaseLine } from '../language/corpus-case';
import type { Register } from './command';
import { EXIT } from './exit-code';

export const register: Register = (program, act) => {
  const group = program.command('expr').description('expressions over any scheme');
  group
    .command('run')
    .description('runs the cases on standard input, one JSON object a line, and answers each with one')
    .option('--jsonl', 'cases and results are JSON lines (the only form there is)')
    .action(
      act(async output => {
        for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
          if (line.trim() !== '') output.printJsonLine(runCaseLine(line));
        }
        return EXIT.done;
      }),
    );
};
