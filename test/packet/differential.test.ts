// One meaning, four ways to it: the evaluator and an eBPF program that the kernel runs (BPF_PROG_TEST_RUN), each with the
// formula as lowered and as optimised, for every expression and every frame.

import { programFor } from '../../src/backend/ebpf/program';
import { testRunOnPacket } from '../../src/ebpf/program';
import { holds } from '../../src/ir/evaluate';
import type { FormulaByFamily } from '../../src/ir/formula';
import { dissect, type Packet } from '../../src/packet/packet';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { loadProgram } from '../kernel/load-program';
import { CASES } from './expressions';
import { FRAMES } from './frames';
import { LOOPBACK } from './interfaces';
import { longestTestRun } from './longest-test-run';
import { compiledExpression } from './rules';

interface Seen {
  readonly frame: number;
  readonly packet: Packet;
}

const LONGEST = longestTestRun();
const packets: readonly Seen[] = FRAMES.flatMap(frame => {
  const link = ipPacketOf(frame);
  const packet = 'skipped' in link ? undefined : dissect(link.packet, LOOPBACK);
  return packet === undefined ? [] : [{ frame: frame.number, packet }];
});
const runnable = packets.filter(({ packet }) => packet.bytes.length <= LONGEST);
const compared = { evaluator: 0, ebpf: 0 };

afterAll(() => {
  process.stdout.write(
    `${CASES.length} expressions: ${compared.evaluator} pairs compared in the evaluator, ${compared.ebpf} against eBPF; ` +
      `left out of the latter: ${packets.length - runnable.length} packets above ${LONGEST} bytes\n`,
  );
});

describe('the evaluator says the same of the plain and of the optimised formula', () => {
  test.each(CASES)('$expression', ({ expression }) => {
    const { plain, formula } = compiledExpression(expression);
    const different = packets.filter(({ packet }) => {
      return holds(plain[packet.family], packet) !== holds(formula[packet.family], packet);
    });
    compared.evaluator += packets.length;
    expect(different.map(({ frame }) => frame)).toEqual([]);
  });
});

describe('eBPF says what the evaluator says', () => {
  test.each(CASES)('$expression', async ({ expression }) => {
    const { plain, formula } = compiledExpression(expression);
    const expected = matching(packet => holds(plain[packet.family], packet));
    expect(await matchedByPrograms(plain)).toEqual(expected);
    expect(await matchedByPrograms(formula)).toEqual(expected);
    compared.ebpf += 2 * runnable.length;
  });
});

test('the comparison can fail: a program of another expression differs from the evaluator', async () => {
  const { plain } = compiledExpression('tcp.dstport == 22');
  const other = compiledExpression('tcp.dstport == 23').plain;
  expect(await matchedByPrograms(other)).not.toEqual(matching(packet => holds(plain[packet.family], packet)));
});

function matching(judge: (packet: Packet) => boolean): number[] {
  return runnable.filter(({ packet }) => judge(packet)).map(({ frame }) => frame);
}

async function matchedByPrograms(formula: FormulaByFamily): Promise<number[]> {
  const programs = {
    ip: await loadProgram(programFor(formula.ip, 'ip')),
    ip6: await loadProgram(programFor(formula.ip6, 'ip6')),
  };
  try {
    return matching(({ family, bytes }) => testRunOnPacket(programs[family], bytes).retval !== 0);
  } finally {
    programs.ip.close();
    programs.ip6.close();
  }
}
