// One run of the program: the arguments to an exit status. Streams are given, so a run touches nothing of the process.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type Act, type Register, UsageError } from './command';
import { EXIT, type ExitCode } from './exit-code';
import { mountPoints, printNewMounts } from './mount-notice';
import { outputTo, type Sink, type Streams } from './output';
import { printError } from './output-error';

/** By name. Only what a command line names is loaded: `doctor` must run where the addon, which others need, does not. */
export type Commands = Readonly<Record<string, () => Register>>;

/** `argv` begins with the first argument. Never throws. */
export async function runCommandLine(
  argv: readonly string[],
  commands: Commands,
  { stdout, stderr }: Streams,
): Promise<ExitCode> {
  const json = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined).includes('--json');
  let exitCode: ExitCode = EXIT.done;
  const act: Act =
    action =>
    async (...parameters) => {
      exitCode = await action(outputTo({ stdout, stderr }, json), ...parameters);
    };
  const mounted = mountPoints();
  try {
    await programOf(load(argv, commands), act, { stdout, stderr }).parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return failure(error, stderr, json);
  } finally {
    printNewMounts(mounted, stderr, json);
  }
}

function load(argv: readonly string[], commands: Commands): Register[] {
  const named = Object.entries(commands).filter(([name]) => name === argv[0]);
  return (named.length > 0 ? named : Object.entries(commands)).map(([, loadOne]) => loadOne());
}

function programOf(commands: readonly Register[], act: Act, { stdout, stderr }: Streams): Command {
  const program = new Command('rampart')
    .description('Wirefilter expressions as nftables rules and eBPF programs, in network namespaces')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: text => stdout.write(text),
      writeErr: text => stderr.write(text),
      // printError does it, for commander's errors too.
      outputError: () => undefined,
    });
  for (const register of commands) register(program, act);
  addJsonOption(program);
  return program;
}

/** To the commands that do something, not to the groups that hold them. */
function addJsonOption(command: Command): void {
  if (command.commands.length === 0) command.option('--json', 'print JSON, one value a line; errors too');
  for (const inner of command.commands) addJsonOption(inner);
}

function failure(error: unknown, stderr: Sink, json: boolean): ExitCode {
  if (!(error instanceof CommanderError)) {
    printError(stderr, json, error);
    return error instanceof UsageError ? EXIT.usage : EXIT.refused;
  }
  // --help and --version end this way too.
  if (error.exitCode === 0) return EXIT.done;
  // A group without a command: commander has written its help.
  if (error.code !== 'commander.help') {
    printError(stderr, json, new UsageError(error.message.replace(/^error: /, ''), 'see rampart --help'));
  }
  return EXIT.usage;
}

/** package.json's: two or three folders up, as this runs from src/cli or build/js/cli. */
function version(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return String(version);
}
