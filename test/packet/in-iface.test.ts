// What conditions on `in_iface` mean, written out for two interfaces: `receive0`, by which packets come to the hook, and
// `lo`, which BPF_PROG_TEST_RUN gives them. All judges that have the one or the other must say so.

import { programFor } from '../../src/backend/ebpf/program';
import type { Choice } from '../../src/backend/nft/rule';
import { testRunOnPacket } from '../../src/ebpf/program';
import { holds } from '../../src/ir/evaluate';
import { dissect } from '../../src/packet/packet';
import { replay } from '../../src/replay/replay';
import { TEST_CACHE } from '../kernel/object-cache';
import { TIME_FACTOR } from '../time-factor';
import { rawFrame } from './frames';
import { LOOPBACK, RECEIVING } from './interfaces';
import { PACKETS } from './packets';
import { closeAll, loadTogether } from './program-batch';
import { compiledExpression, planOf } from './rules';

type Row = readonly [expression: string, ofReceive0: boolean, ofLo: boolean];

const ROWS: readonly Row[] = [
  ['in_iface == "receive0"', true, false],
  ['in_iface != "receive0"', false, true],
  ['in_iface == "receive"', false, false],
  ['in_iface == "receive0\\x00"', false, false],
  ['in_iface != "receive012345678"', true, true],
  ['in_iface in {"eth0" "receive0" "receive1"}', true, false],
  ['in_iface in {"lo" "receive0"}', true, true],
  ['in_iface in {}', false, false],
  ['in_iface >= "receive"', true, false],
  ['in_iface <= "receive0"', true, true],
  ['in_iface < "lo\\x00"', false, true],
  ['in_iface < "receive0\\x00"', true, true],
  ['in_iface > "receive0"', false, false],
  ['in_iface > "\\xff"', false, false],
  ['starts_with(in_iface, "rec")', true, false],
  ['starts_with(in_iface, "")', true, true],
  ['starts_with(in_iface, "l")', false, true],
  ['ends_with(in_iface, "e0")', true, false],
  ['ends_with(in_iface, "e")', false, false],
  ['ends_with(in_iface, "lo")', false, true],
  ['in_iface contains "ceiv"', true, false],
  ['in_iface contains "0e"', false, false],
  ['in_iface contains "o"', false, true],
  ['in_iface contains "\\x00"', false, false],
  ['len(in_iface) == 8', true, false],
  ['len(in_iface) in {1..7 9..15}', false, true],
  ['len(in_iface) & 2', false, true],
  ['bit_slice(in_iface, 56, 64) == 0x30', true, false],
  ['bit_slice(in_iface, 56, 65) >= 0', false, false],
  ['bit_slice(in_iface, 4, 12) == 0xc6', false, true],
  ['in_iface wildcard "RECEIVE*"', true, false],
  ['in_iface strict wildcard "RECEIVE*"', false, false],
  ['in_iface wildcard "*O"', false, true],
  ['in_iface matches r"^[a-z]*\\d$"', true, false],
  ['in_iface matches "0."', false, false],
  ['in_iface matches r"\\x00"', false, false],
  ['not in_iface matches "^re"', false, true],
  ['udp.dstport == 53 or in_iface == "lo"', false, true],
];

const EXPRESSIONS = ROWS.map(([expression]) => expression);
const PACKETS_OF_BOTH = { ip: PACKETS.tcpSyn, ip6: PACKETS.tcpV6 };
const FAMILIES = ['ip', 'ip6'] as const;

/** What each judge says of the two packets, by family and expression. */
const said: Record<'nftables' | 'xtBpf' | 'plainProgram' | 'optimisedProgram', ReadonlySet<string>> = {
  nftables: new Set(),
  xtBpf: new Set(),
  plainProgram: new Set(),
  optimisedProgram: new Set(),
};

beforeAll(async () => {
  said.nftables = await atHook('auto');
  said.xtBpf = await atHook('ebpf');
  said.plainProgram = await inTestRun('plain');
  said.optimisedProgram = await inTestRun('formula');
}, 600_000 * TIME_FACTOR);

describe.each(FAMILIES)('in %s', family => {
  test.each(ROWS)('%s: %s of receive0, %s of lo', (expression, ofReceive0, ofLo) => {
    const judged = (name: Uint8Array, stage: 'plain' | 'formula') => {
      const packet = dissect(PACKETS_OF_BOTH[family], name);
      return packet !== undefined && holds(compiledExpression(expression)[stage][family], packet);
    };
    const heard = (judge: keyof typeof said) => said[judge].has(`${family} ${expression}`);
    expect({
      plain: judged(RECEIVING, 'plain'),
      optimised: judged(RECEIVING, 'formula'),
      nftables: heard('nftables'),
      xtBpf: heard('xtBpf'),
    }).toEqual({ plain: ofReceive0, optimised: ofReceive0, nftables: ofReceive0, xtBpf: ofReceive0 });
    expect({
      plain: judged(LOOPBACK, 'plain'),
      optimised: judged(LOOPBACK, 'formula'),
      plainProgram: heard('plainProgram'),
      optimisedProgram: heard('optimisedProgram'),
    }).toEqual({ plain: ofLo, optimised: ofLo, plainProgram: ofLo, optimisedProgram: ofLo });
  });
});

async function atHook(choice: Choice): Promise<ReadonlySet<string>> {
  const plan = planOf(
    EXPRESSIONS.map(expression => ({ expression, action: 'log' })),
    { choice },
  );
  const found = new Set<string>();
  const frames = FAMILIES.map((family, number) => rawFrame(number, PACKETS_OF_BOTH[family]));
  await replay(plan, frames, TEST_CACHE, ({ number }, fate) => {
    if (fate.kind === 'unseen') throw new Error(fate.reason);
    for (const { index } of fate.matched) found.add(`${FAMILIES[number]} ${EXPRESSIONS[index - 1]}`);
  });
  return found;
}

async function inTestRun(stage: 'plain' | 'formula'): Promise<ReadonlySet<string>> {
  const programs = EXPRESSIONS.flatMap(expression =>
    FAMILIES.map(family => ({
      family,
      expression,
      program: programFor(compiledExpression(expression)[stage][family], family),
    })),
  );
  const loaded = await loadTogether(programs.map(({ program }) => program));
  const holding = programs.filter(({ family, program }) => {
    const known = loaded.get(program.name);
    return known !== undefined && testRunOnPacket(known, PACKETS_OF_BOTH[family]).retval !== 0;
  });
  closeAll(loaded);
  return new Set(holding.map(({ family, expression }) => `${family} ${expression}`));
}
