// Every chain of up to three IPv6 extension headers, those of up to two cut off at every length: two walks along it, to the upper-layer
// protocol and to the first Fragment header, must end alike in the evaluator, in nftables and in eBPF.

import type { Choice } from '../../src/backend/nft/rule';
import { evaluate } from '../../src/ir/evaluate';
import { ipPacket, type Transport, udp } from '../../src/packet/build';
import { replay } from '../../src/replay/replay';
import { TEST_CACHE } from '../kernel/object-cache';
import { TIME_FACTOR } from '../time-factor';
import { rawFrame } from './frames';
import { planOf } from './rules';

const EXPRESSIONS = [
  'ip.frag',
  'ip.flags.mf',
  'ip.frag_offset == 0',
  'ip.frag_offset == 1',
  'ip.id == 7',
  'ip.id == 8',
  'ip.proto.num == 17',
  'ip.proto.num == 51',
  'ip.proto.num == 59',
  'udp.srcport == 5353',
  'udp.len >= 0',
  'bit_slice(udp, 0, 24) >= 0',
];

/** After the next header: eight bytes each but for the Authentication Header, which has twelve. */
const HEADERS = [
  { protocol: 43, rest: '00 0000 00000000' },
  { protocol: 44, rest: '00 0001 00000007' },
  { protocol: 44, rest: '00 0008 00000008' },
  { protocol: 51, rest: '01 0000 00000001 00000001' },
  { protocol: 60, rest: '00 0104 00000000' },
];

function behind(inner: Transport, { protocol, rest }: (typeof HEADERS)[number]): Transport {
  const header = Buffer.from([inner.protocol, ...Buffer.from(rest.replaceAll(' ', ''), 'hex')]);
  return { protocol, bytes: Buffer.concat([header, inner.bytes]) };
}

function longer(chains: readonly Transport[]): Transport[] {
  return chains.flatMap(chain => HEADERS.map(header => behind(chain, header)));
}

const NONE: readonly Transport[] = [
  { protocol: 17, bytes: udp(5353, 53).bytes },
  { protocol: 59, bytes: new Uint8Array(0) },
];
const ONE = longer(NONE);
const TWO = longer(ONE);
const ADDRESSES = { source: '2001:db8::1', destination: '2001:db8::2' };
const CUT = [...ONE, ...TWO].flatMap(({ protocol, bytes }) =>
  Array.from({ length: bytes.length }, (_, length) => ({ protocol, bytes: bytes.subarray(0, length) })),
);
const FRAMES = [...ONE, ...TWO, ...longer(TWO), ...CUT].map((transport, index) =>
  rawFrame(index + 1, ipPacket(ADDRESSES, transport)),
);

test.each<Choice>(['auto', 'ebpf'])(
  'the walks end where the evaluator says, backend %s',
  async choice => {
    const plan = planOf(
      EXPRESSIONS.map(expression => ({ expression, action: 'log' })),
      { choice },
    );
    const different: unknown[] = [];
    const found = new Map(EXPRESSIONS.map(expression => [expression, 0]));
    let judged = 0;
    await replay(plan, FRAMES, TEST_CACHE, ({ bytes }, fate) => {
      if (fate.kind === 'unseen') throw new Error(`${Buffer.from(bytes).toString('hex')}: ${fate.reason}`);
      judged++;
      const kernel = fate.matched.map(({ index }) => EXPRESSIONS[index - 1] ?? '');
      const evaluator = evaluate(plan.ruleset, bytes).matched.map(({ index }) => EXPRESSIONS[index - 1] ?? '');
      for (const expression of kernel) found.set(expression, (found.get(expression) ?? 0) + 1);
      if (kernel.join() !== evaluator.join()) different.push([Buffer.from(bytes).toString('hex'), kernel, evaluator]);
    });
    process.stdout.write(`${judged} cut and whole chains, backend ${choice}\n`);
    expect(different).toEqual([]);
    // Neither side says yes, or no, to everything.
    expect([...found].filter(([, times]) => times === 0 || times === judged)).toEqual([]);
  },
  120_000 * TIME_FACTOR,
);
