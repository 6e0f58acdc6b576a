// Formulas of up to three conditions in the kernel: as the logging rules of policies at the hook, and as eBPF programs.
// In `make fuzz` all of them at the hook and a fifth as programs, in `make test` a tenth of each, spread evenly.

import { programFor } from '../../../src/backend/ebpf/program';
import { DEFAULT_OPTIONS } from '../../../src/compile';
import { compilePlan } from '../../../src/compile-plan';
import { testRunOnPacket } from '../../../src/ebpf/program';
import { type Formula, type FormulaByFamily, TRUE } from '../../../src/ir/formula';
import { optimise } from '../../../src/ir/optimise';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import type { PacketFamily } from '../../../src/packet/packet';
import type { Plan } from '../../../src/plan';
import { apply } from '../../../src/reconcile/apply';
import { readCounters } from '../../../src/reconcile/counters';
import { destroy } from '../../../src/reconcile/destroy';
import { gaugeOperations } from '../../../src/replay/gauge';
import { type ScratchNetwork, withScratchNetwork } from '../../../src/replay/scratch-network';
import { TEST_CACHE } from '../../kernel/object-cache';
import { oneIn } from '../fuzz';
import { closeAll, loadTogether } from '../program-batch';
import { classesOf, type PacketClass } from './classes';
import { bits, describeMismatch, formulasOver } from './truth';

const RULES_PER_POLICY = 250;
const PROGRAMS_PER_OBJECT = 200;
/** The counters of 63 packets tell which of six were counted: the first is sent once, the second twice, then four times… */
const TOLD_APART = 6;
const FAMILIES: readonly PacketFamily[] = ['ip', 'ip6'];
const ETHERTYPE = { ip: Buffer.from('0800', 'hex'), ip6: Buffer.from('86dd', 'hex') };
const SENDER = Buffer.from('020000000001', 'hex');
const NOBODY = Buffer.from('020000000002', 'hex');

interface InBoth {
  readonly formula: FormulaByFamily;
  readonly optimised: FormulaByFamily;
  /** The classes of both families have the same order and the same answers. */
  readonly truth: number;
}

test('the hook says what the truth tables say', async () => {
  const all = some(oneIn(10));
  await withScratchNetwork(`rampart-exhaustive-${process.pid}`, async network => {
    try {
      // Drops ahead of the policy what the kernel sends by itself, such as router solicitations.
      await network.netfilter.commit(encodeBatch(gaugeOperations(SENDER, NOBODY)));
      for (const part of chunks(all, RULES_PER_POLICY)) {
        await apply(policyOf(part), { namespace: network.namespace }, TEST_CACHE);
        for (const family of FAMILIES) await expectCounted(part, family, network);
      }
    } finally {
      await destroy({ namespace: network.namespace });
    }
  });
  report('the hook', all.length, 2 * classesOf('ip').length);
}, 3_600_000);

test.each(['formula', 'optimised'] as const)(
  'eBPF programs say what the truth tables say: %s',
  async stage => {
    const all = some(5 * oneIn(10));
    for (const part of chunks(all, PROGRAMS_PER_OBJECT)) {
      const programs = part.map((each, index) => {
        const family = index % 2 === 0 ? 'ip' : 'ip6';
        return { each, family, program: programFor(each[stage][family], family) } as const;
      });
      const loaded = await loadTogether(programs.map(({ program }) => program));
      for (const { each, family, program } of programs) {
        const filter = loaded.get(program.name);
        if (filter === undefined) throw new Error(`${program.name} is not loaded`);
        const classes = classesOf(family);
        const said = bits(classes.map(({ bytes }) => testRunOnPacket(filter, bytes).retval !== 0));
        expectTruth(each.formula[family], said, each.truth, classes);
      }
      closeAll(loaded);
    }
    report(`eBPF, ${stage}`, all.length, classesOf('ip').length);
  },
  3_600_000,
);

/** One in so many of the formulas of one, two and three conditions. */
function some(every: number): InBoth[] {
  const found: InBoth[] = [];
  let seen = 0;
  for (const size of [1, 2, 3]) {
    const ip6 = formulasOver(classesOf('ip6'), 'ip6', size, 'one');
    for (const { formula: ip, truth } of formulasOver(classesOf('ip'), 'ip', size, 'one')) {
      const formula = { ip, ip6: ip6.next().value?.formula as Formula };
      if (seen++ % every !== 0) continue;
      found.push({ formula, optimised: { ip: optimise(ip, 'ip'), ip6: optimise(formula.ip6, 'ip6') }, truth });
    }
  }
  return found;
}

/** The formulas as rules that log, and one more rule that counts every packet. */
function policyOf(part: readonly InBoth[]): Plan {
  const formulas = [...part.map(({ optimised }) => optimised), { ip: TRUE, ip6: TRUE }];
  const rules = formulas.map((formula, index) => {
    return { index: index + 1, ref: String(index + 1), action: 'log', enabled: true, formula } as const;
  });
  return compilePlan({ account: 'exhaustive', rules }, DEFAULT_OPTIONS);
}

async function expectCounted(part: readonly InBoth[], family: PacketFamily, network: ScratchNetwork): Promise<void> {
  const classes = classesOf(family);
  let before = await counts(network);
  const said = part.map(() => 0);
  for (let first = 0; first < classes.length; first += TOLD_APART) {
    const group = classes.slice(first, first + TOLD_APART);
    const frames = group.flatMap((each, index) => Array<Buffer>(1 << index).fill(ethernet(each, network)));
    await network.wire.sendMany(frames);
    const after = await settled(network, part.length, (before[part.length] ?? 0n) + BigInt(frames.length));
    for (const index of part.keys()) {
      said[index] = (said[index] ?? 0) | (Number((after[index] ?? 0n) - (before[index] ?? 0n)) << first);
    }
    before = after;
  }
  for (const [index, { formula, truth }] of part.entries())
    expectTruth(formula[family], said[index] ?? 0, truth, classes);
}

/** The packets that each rule counted, once the last rule has counted so many. */
async function settled(network: ScratchNetwork, last: number, expected: bigint): Promise<bigint[]> {
  for (let attempts = 0; attempts < 1000; attempts++) {
    const now = await counts(network);
    if (now[last] === expected) return now;
  }
  throw new Error('the packets did not all come to the hook');
}

async function counts({ namespace }: ScratchNetwork): Promise<bigint[]> {
  const { rules } = await readCounters({ namespace });
  const found: bigint[] = [];
  for (const { index, packets } of rules) found[index - 1] = packets;
  return found;
}

function ethernet({ family, bytes }: PacketClass, { receiver }: ScratchNetwork): Buffer {
  return Buffer.concat([receiver, SENDER, ETHERTYPE[family], bytes]);
}

function expectTruth(formula: Formula, said: number, truth: number, classes: readonly PacketClass[]): void {
  if (said !== truth) throw new Error(describeMismatch(formula, said, truth, classes));
}

function* chunks<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

function report(where: string, formulas: number, packets: number): void {
  process.stdout.write(`${where}: ${formulas} formulas, ${formulas * packets} pairs with packets\n`);
}
