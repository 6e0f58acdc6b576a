// What a command is to the program: a file that registers its name, arguments and options, and an action that returns
// the exit status. Everything around the action (--json, errors, the status itself) is in command-line.ts.

import type { Command } from 'commander';
import type { ExitCode } from './exit-code';
import type { Output } from './output';

/**
 * Adds one command. --json need not be declared:
 *
 *   program.command('check <expression>').description('…').action(act((output, expression: string) => EXIT.done));
 */
export type Register = (program: Command, act: Act) => void;

/** Makes a commander action; the parameters after `output` are commander's: arguments, then the options object. */
export type Act = <Parameters extends unknown[]>(
  action: (output: Output, ...parameters: Parameters) => ExitCode | Promise<ExitCode>,
) => (...parameters: Parameters) => Promise<void>;

/** For what commander cannot see, such as two options of which one is needed. Ends with status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'usage';
  readonly cure: string;

  constructor(message: string, cure: string) {
    super(message);
    this.cure = cure;
  }
}
