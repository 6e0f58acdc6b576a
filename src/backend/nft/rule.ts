// One policy rule in one family: its nft rule in the base chain and, where one conjunction cannot say it, the chains that
// this jumps to. What the rule does when it matches stands in one place only, so that its counter counts each packet once.

import type { Formula, Test } from '../../ir/formula';
import { digest } from '../../ir/rule-digest';
import type { Rule } from '../../ir/ruleset';
import type { PacketFamily } from '../../packet/packet';
import { comparison } from './comparison';
import { type Block, controlFlow, type Exit, type Leaf, MOST_LEAVES } from './control-flow';
import { canLoad, type Mixed, partition, usesProgram } from './partition';
import { commentOfRule } from './rule-comment';
import { testCost } from './rule-cost';
import { setFor } from './set';
import type { Match, NftChain, NftRule } from './table';

/** Which backend may take a formula; `auto` lets the shape of the formula decide. */
export type Choice = 'auto' | 'nft' | 'ebpf';

export interface RuleOptions {
  readonly family: PacketFamily;
  readonly choice: Choice;
  /** Begins the names of the chains. */
  readonly prefix: '' | 'later_';
  /** Where `log` and shadow rules report to (NFLOG). */
  readonly logGroup: number;
  /** Order keys by ref. */
  readonly keys: ReadonlyMap<string, string>;
  /** Gives a formula to the eBPF backend and returns the program's name. */
  readonly program: (formula: Formula) => string;
}

export interface LoweredRule {
  /** undefined: the rule matches no packet of this family. */
  readonly base: NftRule | undefined;
  readonly chains: readonly NftChain[];
  readonly backend: Backend;
}

/** What takes a rule; none where it matches no packet of the family. */
export type Backend = 'nft' | 'ebpf' | 'both' | 'none';

/** Thrown where `nft` is asked for and nftables cannot say the rule. */
export class NotInNftables extends Error {
  override readonly name = 'NotInNftables';
}

/** `formula`: of the rule, as far as it holds of the packets that come here. */
export function lowerRule(rule: Rule, options: RuleOptions, formula = rule.formula[options.family]): LoweredRule {
  if (formula.kind === 'constant' && !formula.value) return { base: undefined, chains: [], backend: 'none' };
  const tests = options.choice === 'ebpf' ? undefined : plainTests(formula);
  if (tests !== undefined) {
    return { base: action(rule, matchesOf(tests, options), options), chains: [], backend: 'nft' };
  }
  const whole: Mixed = { kind: 'program', formula };
  const mixed = options.choice === 'ebpf' && formula.kind !== 'constant' ? whole : partition(formula);
  if (options.choice === 'nft' && usesProgram(mixed)) {
    throw new NotInNftables('it reads bytes that nftables has no expression for');
  }
  const blocks = controlFlow(mixed);
  if (blocks === undefined && options.choice === 'nft')
    throw new NotInNftables('it takes more chains than nftables allows');
  const chosen = blocks === undefined ? whole : mixed;
  return { ...draw(rule, blocks ?? controlFlow(whole) ?? [], options), backend: backendOf(chosen) };
}

/** Of most rules: one nft rule says them, without a look at the ways through the formula. */
function plainTests(formula: Formula): readonly Test[] | undefined {
  const operands = formula.kind === 'and' ? formula.operands : [formula];
  if (operands.length > MOST_LEAVES) return undefined;
  return operands.every((operand): operand is Test => operand.kind === 'test' && canLoad(operand))
    ? operands
    : undefined;
}

/** The whole formula in one rule, or a rule that enters the first chain. */
function draw(rule: Rule, blocks: readonly Block[], options: RuleOptions): Pick<LoweredRule, 'base' | 'chains'> {
  const name = `${options.prefix}rule_${options.keys.get(rule.ref)}`;
  const [entry] = blocks;
  const [first, second] = entry?.rules ?? [];
  const single = first !== undefined && (second === undefined || isMiss(second.to, second.leaves));
  if (single && first.to === 'match')
    return { base: action(rule, matchesOf(first.leaves, options), options), chains: [] };
  const hoisted = single && typeof first.to === 'number' ? first : undefined;
  const start = hoisted === undefined ? 0 : (hoisted.to as number);
  // A rule that is in the base chain takes its block with it, the entry; of the others any may be the next.
  const drawn = [...blocks.entries()].slice(hoisted === undefined ? 0 : 1);
  const base: NftRule = {
    matches: hoisted === undefined ? [] : matchesOf(hoisted.leaves, options),
    counter: false,
    verdict: { kind: 'jump', chain: blockName(name, start) },
  };
  return { base, chains: drawChains(rule, name, drawn, options) };
}

function drawChains(
  rule: Rule,
  name: string,
  blocks: readonly (readonly [number, Block])[],
  options: RuleOptions,
): NftChain[] {
  const inline = blocks.flatMap(([, block]) => block.rules).filter(({ to }) => to === 'match').length === 1;
  const chains = blocks.map(([number, block]) => ({
    name: blockName(name, number),
    rules: block.rules
      .filter(({ leaves, to }) => !isMiss(to, leaves))
      .map(({ leaves, to }) => {
        const held = matchesOf(leaves, options);
        if (to === 'match' && inline) return action(rule, held, options);
        return { matches: held, counter: false, verdict: leave(to, name) };
      }),
  }));
  return inline ? chains : [...chains, { name: `${name}_match`, rules: [action(rule, [], options)] }];
}

/** The end of a chain is a miss already. */
function isMiss(to: Exit, leaves: readonly Leaf[]): boolean {
  return to === 'miss' && leaves.length === 0;
}

function leave(to: Exit, name: string): NonNullable<NftRule['verdict']> {
  if (to === 'miss') return { kind: 'return' };
  return { kind: 'goto', chain: to === 'match' ? `${name}_match` : blockName(name, to) };
}

function blockName(name: string, block: number): string {
  return `${name}_${block}`;
}

const DROP = { kind: 'drop' } as const;
const ACCEPT = { kind: 'accept' } as const;

/** It counts and reports, and the packet goes on. */
export function logs({ action, enabled }: Rule): boolean {
  return action === 'log' || !enabled;
}

export function logOf({ ref }: Rule, group: number): NonNullable<NftRule['log']> {
  return { group, prefix: `rampart ${ref} ` };
}

function action(rule: Rule, held: readonly Match[], options: RuleOptions): NftRule {
  const own = { comment: commentOfRule(rule, options.keys), digest: digest(rule) };
  if (logs(rule)) return { matches: held, counter: true, log: logOf(rule, options.logGroup), ...own };
  return { matches: held, counter: true, verdict: rule.action === 'block' ? DROP : ACCEPT, ...own };
}

/** Cheapest first, programs last. */
export function matchesOf(leaves: readonly Leaf[], options: RuleOptions): Match[] {
  const matches: Match[] = [];
  const prices: number[] = [];
  for (const leaf of leaves) {
    const own = price(leaf);
    let at = matches.length;
    for (; at > 0 && (prices[at - 1] as number) > own; at--) {
      prices[at] = prices[at - 1] as number;
      matches[at] = matches[at - 1] as Match;
    }
    prices[at] = own;
    matches[at] = matchOf(leaf, options);
  }
  return matches;
}

function price(leaf: Leaf): number {
  return leaf.kind === 'program' ? Number.MAX_SAFE_INTEGER : testCost(leaf);
}

function matchOf(leaf: Leaf, { family, program }: RuleOptions): Match {
  if (leaf.kind === 'program') return { kind: 'program', program: program(leaf.formula) };
  if (comparison(leaf).kind !== 'lookup') return { kind: 'test', test: leaf };
  return { kind: 'test', test: leaf, set: setFor(leaf, family) };
}

function backendOf(mixed: Mixed): LoweredRule['backend'] {
  if (mixed.kind === 'program') return 'ebpf';
  return usesProgram(mixed) ? 'both' : 'nft';
}
