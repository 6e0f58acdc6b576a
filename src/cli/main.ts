// The program's entry, started by bin/rampart: the list of its commands, and what it shares with the process.

import { type Commands, runCommandLine } from './command-line';
import { exitOnSignal } from './exit-on-signal';
import { survivingSink } from './output';

const COMMANDS: Commands = {
  check: () => require('./check').register,
  analyze: () => require('./analyze').register,
  fmt: () => require('./fmt').register,
  explain: () => require('./explain').register,
  plan: () => require('./plan').register,
  apply: () => require('./apply').register,
  destroy: () => require('./destroy').register,
  show: () => require('./show').register,
  counters: () => require('./counters').register,
  trace: () => require('./trace').register,
  replay: () => require('./replay').register,
  expr: () => require('./expr').register,
  agent: () => require('./agent').register,
  status: () => require('./status').register,
  confirm: () => require('./confirm').register,
  rollback: () => require('./rollback').register,
  versions: () => require('./versions').register,
  remove: () => require('./remove').register,
  doctor: () => require('./doctor').register,
};

exitOnSignal();

const streams = { stdout: survivingSink(process.stdout), stderr: survivingSink(process.stderr) };
void runCommandLine(process.argv.slice(2), COMMANDS, streams).then(exitCode => {
  process.exitCode = exitCode;
});
