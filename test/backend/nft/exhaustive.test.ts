// Every formula of up to three conditions under and, or, xor and not, against packets of every combination of true,
// false and absent: the truth table, the evaluator before and after optimisation, the nft rules walked through as the
// kernel walks them, and a part of the formulas as eBPF programs in the kernel.

import { objectOf } from '../../../src/backend/ebpf/object-cache';
import { programFor } from '../../../src/backend/ebpf/program';
import { lowerRule } from '../../../src/backend/nft/rule';
import type { Match, NftChain, NftRule } from '../../../src/backend/nft/table';
import { loadBpfObject, openBpfObject } from '../../../src/ebpf/object';
import { testRunOnPacket } from '../../../src/ebpf/program';
import { holds } from '../../../src/ir/evaluate';
import { and, type Formula, not, or, xor } from '../../../src/ir/formula';
import { optimise } from '../../../src/ir/optimise';
import { ipPacket, tcp, udp } from '../../../src/packet/build';
import { dissect, type Packet } from '../../../src/packet/packet';
import { TEST_CACHE } from '../../kernel/object-cache';
import { compiledExpression } from '../../packet/rules';

type Truth = readonly [boolean, boolean, boolean];

interface Written {
  readonly formula: Formula;
  /** What the formula says where its conditions have these values. */
  readonly means: (truth: Truth) => boolean;
}

/** One that every packet has, one that nftables reads and a UDP packet lacks, one for eBPF that a TCP packet lacks. */
const CONDITIONS = ['ip.ttl == 64', 'tcp.dstport == 22', 'len(udp.payload) == 1'] as const;

const PACKETS: readonly { readonly bytes: Uint8Array; readonly truth: Truth }[] = [
  { bytes: packet(64, tcp(1, 22, 0)), truth: [true, true, false] },
  { bytes: packet(64, tcp(1, 23, 0)), truth: [true, false, false] },
  { bytes: packet(63, tcp(1, 22, 0)), truth: [false, true, false] },
  { bytes: packet(63, tcp(1, 23, 0)), truth: [false, false, false] },
  { bytes: packet(64, udp(1, 22, 'x')), truth: [true, false, true] },
  { bytes: packet(63, udp(1, 22, 'x')), truth: [false, false, true] },
  { bytes: packet(64, udp(1, 22, 'xy')), truth: [true, false, false] },
  { bytes: packet(63, { protocol: 47, bytes: Buffer.alloc(4) }), truth: [false, false, false] },
];

const FORMULAS = allFormulas();

test('there are as many formulas as there should be', () => {
  // 6 conditions and their negations; 3 junctions of two, negated or not; of which each again with a third.
  expect(FORMULAS.length).toBe(6 + 3 * 36 * 2 + 3 * 3 * 36 * 2 * 6);
});

test('the packets are what the table says', () => {
  const conditions = CONDITIONS.map(expression => compiledExpression(expression).plain.ip);
  const truths = PACKETS.map(({ bytes }) => conditions.map(condition => holds(condition, dissected(bytes))));
  expect(truths).toEqual(PACKETS.map(({ truth }) => truth));
});

test('the evaluator says what the truth table says, optimised or not', () => {
  for (const { formula, means } of FORMULAS) {
    const optimised = optimise(formula, 'ip');
    for (const { bytes, truth } of PACKETS) {
      const found = [holds(formula, dissected(bytes)), holds(optimised, dissected(bytes))];
      if (found.some(each => each !== means(truth)))
        throw new Error(JSON.stringify({ formula, truth, found }, bigints));
    }
  }
});

test.each(['plain', 'optimised'])('the nft rules say what the truth table says, %s', stage => {
  let chains = 0;
  for (const { formula, means } of FORMULAS) {
    const rules = lowered(stage === 'plain' ? formula : optimise(formula, 'ip'));
    chains += rules.chains.length;
    for (const { bytes, truth } of PACKETS) {
      const packet = dissected(bytes);
      const counts = walk(rules, match => matches(match, packet, rules.programs));
      if (counts !== Number(means(truth))) throw new Error(JSON.stringify({ formula, truth, counts, rules }, bigints));
    }
  }
  expect(chains).toBeGreaterThan(1000);
});

test('eBPF says what the truth table says, of every fiftieth formula', async () => {
  const some = FORMULAS.filter((_, index) => index % 50 === 0);
  for (const { formula, means } of some) {
    const program = programFor(formula, 'ip');
    const object = openBpfObject(await objectOf(program, TEST_CACHE), program.name);
    await loadBpfObject(object, program.name);
    const loaded = object.program('rampart');
    const found = PACKETS.map(({ bytes }) => testRunOnPacket(loaded, bytes).retval === 1);
    expect(found).toEqual(PACKETS.map(({ truth }) => means(truth)));
    loaded.close();
    object.close();
  }
  process.stdout.write(`${FORMULAS.length} formulas, ${PACKETS.length} packets each; ${some.length} of them in eBPF\n`);
}, 60_000);

function allFormulas(): Written[] {
  const literals = CONDITIONS.flatMap((expression, index): Written[] => {
    const positive = {
      formula: compiledExpression(expression).plain.ip,
      means: (truth: Truth) => truth[index] === true,
    };
    return [positive, negated(positive)];
  });
  const pairs = literals.flatMap(a => literals.flatMap(b => junctions(a, b)));
  const both = [...pairs, ...pairs.map(negated)];
  return [...literals, ...both, ...both.flatMap(pair => literals.flatMap(third => junctions(pair, third)))];
}

function junctions(a: Written, b: Written): Written[] {
  const operands = [a.formula, b.formula];
  return [
    { formula: and(operands), means: truth => a.means(truth) && b.means(truth) },
    { formula: or(operands), means: truth => a.means(truth) || b.means(truth) },
    { formula: xor(operands), means: truth => a.means(truth) !== b.means(truth) },
  ];
}

function negated({ formula, means }: Written): Written {
  return { formula: not(formula), means: truth => !means(truth) };
}

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

function packet(ttl: number, transport: Parameters<typeof ipPacket>[1]): Uint8Array {
  return ipPacket({ source: '10.0.0.1', destination: '10.0.0.2', ttl }, transport);
}

function dissected(bytes: Uint8Array): Packet {
  const packet = dissect(bytes);
  if (packet === undefined) throw new Error('these bytes are no packet');
  return packet;
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
