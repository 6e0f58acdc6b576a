// The nft rules of every formula of up to three conditions, and of many of four, walked through as the kernel walks them,
// against the truth tables: each packet is counted once where the formula holds, and else not at all.

import { lowerRule } from '../../../src/backend/nft/rule';
import type { Match, NftChain, NftRule } from '../../../src/backend/nft/table';
import { holds } from '../../../src/ir/evaluate';
import type { Formula } from '../../../src/ir/formula';
import { optimise } from '../../../src/ir/optimise';
import type { Packet } from '../../../src/packet/packet';
import { oneIn } from '../fuzz';
import { classesOf } from './classes';
import { describeMismatch, formulasOver } from './truth';

const CLASSES = classesOf('ip');

describe.each(['as written', 'optimised'])('%s, the rules of', stage => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 1],
    // Four are 582,492 formulas of half a millisecond each.
    [4, oneIn(16) * 12],
  ])(
    'formulas of %i conditions, one in %i',
    (size, every) => {
      let [seen, chains] = [0, 0];
      for (const { formula, truth } of formulasOver(CLASSES, 'ip', size, 'one')) {
        if (seen++ % every !== 0) continue;
        const rules = lowered(stage === 'as written' ? formula : optimise(formula, 'ip'));
        chains += rules.chains.length;
        const counts = CLASSES.map(({ packet }) => walk(rules, match => matches(match, packet, rules.programs)));
        const wrong = counts.reduce(
          (all, count, index) => (count === ((truth >> index) & 1) ? all : all | (1 << index)),
          0,
        );
        if (wrong !== 0) throw new Error(describeMismatch(formula, truth ^ wrong, truth, CLASSES));
      }
      expect(seen).toBeGreaterThan(0);
      if (size > 1) expect(chains).toBeGreaterThan(size);
    },
    3_600_000,
  );
});

interface Lowered {
  readonly base: readonly NftRule[];
  readonly chains: readonly NftChain[];
  readonly programs: ReadonlyMap<string, Formula>;
}

function lowered(formula: Formula): Lowered {
  const programs = new Map<string, Formula>();
  const rule = { index: 1, ref: '1', action: 'block', enabled: true, formula: { ip: formula, ip6: formula } } as const;
  const { base, chains } = lowerRule(rule, {
    family: 'ip',
    choice: 'auto',
    prefix: '',
    logGroup: 5,
    keys: new Map([['1', '1']]),
    program: part => {
      programs.set(String(programs.size), part);
      return String(programs.size - 1);
    },
  });
  return { base: base === undefined ? [] : [base], chains, programs };
}

function matches(match: Match, packet: Packet, programs: ReadonlyMap<string, Formula>): boolean {
  if (match.kind === 'test') return holds(match.test, packet);
  const formula = match.kind === 'program' ? programs.get(match.program) : undefined;
  if (formula === undefined) throw new Error(`${match.kind} has no place in a rule's own chains`);
  return holds(formula, packet);
}

/** As nft_do_chain does it; the number of times that a rule with a counter matched. */
function walk({ base, chains }: Lowered, test: (match: Match) => boolean): number {
  const stack: NftRule[][] = [];
  let rules = [...base];
  for (let counted = 0; ; ) {
    const rule = rules.shift();
    if (rule === undefined) {
      const caller = stack.pop();
      if (caller === undefined) return counted;
      rules = caller;
      continue;
    }
    if (!rule.matches.every(test)) continue;
    if (rule.counter) counted++;
    const { verdict } = rule;
    if (verdict?.kind === 'drop') return counted;
    if (verdict?.kind === 'return') rules = [];
    if (verdict?.kind === 'jump') stack.push(rules);
    if (verdict !== undefined && 'chain' in verdict) rules = [...named(chains, verdict.chain).rules];
  }
}

function named(chains: readonly NftChain[], name: string): NftChain {
  const found = chains.filter(chain => chain.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} chains have the name ${name}`);
  return found[0];
}
