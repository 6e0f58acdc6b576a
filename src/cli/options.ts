// Options that several commands share, each declared once.

import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ObjectCache } from '../backend/ebpf/object-cache';
import type { Choice } from '../backend/nft/rule';
import { type CompileOptions, DEFAULT_OPTIONS } from '../compile';
import { DEFAULT_SOCKET } from '../daemon/daemon-settings';
import type { Site } from '../ir/external';
import type { StageChoice } from '../stage/stage';

export interface BackendOption {
  readonly backend: Choice;
  readonly stages: StageChoice;
}

export interface CacheOption {
  readonly cache: string;
}

export interface NetnsOption {
  readonly netns?: string;
}

export interface SocketOption {
  readonly socket: string;
}

export interface AgentOption {
  /** true: on the usual socket. */
  readonly agent?: string | true;
}

export interface SiteOption {
  readonly coloName?: string;
  readonly coloRegion?: string;
}

export interface RulesOption {
  readonly expr?: string;
  readonly file?: string;
}

export function withBackend(command: Command): Command {
  const backends = ['auto', 'nft', 'ebpf'];
  const stages = ['auto', 'linear', 'verdict_map', 'classifier'];
  return command
    .addOption(new Option('--backend <name>', 'what the rules become').choices(backends).default('auto'))
    .addOption(
      new Option('--stages <kind>', 'how the rules are tried, where they allow it').choices(stages).default('auto'),
    );
}

export function withCache(command: Command): Command {
  const cache = new Option('--cache <directory>', 'where compiled eBPF programs are kept').env('RAMPART_CACHE');
  return command.addOption(cache.default('/var/cache/rampart'));
}

export function withNetns(command: Command): Command {
  return command.option('--netns <name>', 'a network namespace as `ip netns` names it (default: the one this runs in)');
}

/** The agent's. */
export function withSocket(command: Command): Command {
  const socket = new Option('--socket <path>', 'the unix socket of the agent').env('RAMPART_SOCKET');
  return command.addOption(socket.default(DEFAULT_SOCKET));
}

export function withAgent(command: Command): Command {
  return command.option('--agent [socket]', `an agent (default: on RAMPART_SOCKET, or ${DEFAULT_SOCKET})`);
}

export function socketOf(agent: string | true): string {
  return agent === true ? (process.env.RAMPART_SOCKET ?? DEFAULT_SOCKET) : agent;
}

/** What the host says of itself; an empty word says nothing. */
export function withSite(command: Command): Command {
  const option = (name: string, what: string, variable: string) =>
    new Option(`--${name} <name>`, `what ${what} is on this host`).env(variable);
  return command
    .addOption(option('colo-name', 'cf.colo.name', 'RAMPART_COLO_NAME'))
    .addOption(option('colo-region', 'cf.colo.region', 'RAMPART_COLO_REGION'));
}

export function siteOf({ coloName, coloRegion }: SiteOption): Site {
  return { ...(coloName && { colo_name: coloName }), ...(coloRegion && { colo_region: coloRegion }) };
}

/** `--expr E`, `-f POLICY`, or both: the expression with the policy's lists. */
export function withRules(command: Command): Command {
  return command
    .option('--expr <expression>', 'one expression')
    .option('-f, --file <policy>', 'a policy, or with --expr the policy whose lists it names');
}

export function withBudget(command: Command, standard: number): Command {
  return command.option(
    '--budget <steps>',
    'steps of proof in each family; what takes more is unknown',
    steps,
    standard,
  );
}

function steps(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('a number of steps is wanted.');
  return Number(text);
}

export function compileOptions({ backend, stages, ...site }: BackendOption & SiteOption): CompileOptions {
  return { ...DEFAULT_OPTIONS, choice: backend, stages, site: siteOf(site) };
}

/** bpf/include is two or three folders up, as this runs from src/cli or build/js/cli. */
export function objectCache({ cache }: CacheOption): ObjectCache {
  const root = __dirname.endsWith(join('build', 'js', 'cli')) ? join(__dirname, '../../..') : join(__dirname, '../..');
  return { directory: cache, include: join(root, 'bpf', 'include'), clang: process.env.CLANG ?? 'clang' };
}
