// The same meaning at the real hook: every frame is sent through a namespace with the policy in force, and what the
// kernel did with it is held against the evaluator. Expressions first, then policies whose rules end the way.

import type { Choice } from '../../src/backend/nft/rule';
import { evaluate } from '../../src/ir/evaluate';
import type { Frame } from '../../src/pcap/frame';
import { ipPacketOf } from '../../src/pcap/link-layer';
import type { Plan } from '../../src/plan';
import { replay } from '../../src/replay/replay';
import { TEST_CACHE } from '../kernel/object-cache';
import { CASES } from './expressions';
import { FRAMES, WRITTEN_FRAMES } from './frames';
import { RECEIVING } from './interfaces';
import { planOf, type WrittenRule } from './rules';

/** What became of a frame, as text: the verdict and the indices of the rules that matched. */
type Fates = ReadonlyMap<number, string>;

const MINUTES = 60_000;

describe('every expression at the hook matches what the evaluator matches, backend', () => {
  test.each<[Choice, typeof CASES, readonly Frame[]]>([
    ['auto', CASES, FRAMES],
    // The rules are those of `auto`, so a part of the frames is enough.
    ['nft', CASES.filter(({ nft }) => nft), FRAMES.filter(({ number }) => number % 10 === 0 || number > 100_000)],
    ['ebpf', CASES, FRAMES],
  ])(
    '%s',
    async (choice, cases, frames) => {
      const rules = cases.map(({ expression }) => ({ expression, action: 'log' }) as const);
      await expectSameFates(planOf(rules, { choice }), choice, frames);
    },
    10 * MINUTES,
  );
});

test('expressions that nftables alone is asked for are in nftables alone', () => {
  const cases = CASES.filter(({ nft }) => nft);
  const plan = planOf(
    cases.map(({ expression }) => ({ expression, action: 'log' })),
    { choice: 'nft' },
  );
  expect(plan.programs.size).toBe(0);
});

const POLICIES: Readonly<Record<string, readonly WrittenRule[]>> = {
  'a skip before the block that it excepts from': [
    { expression: 'ip.src in $private and tcp.dstport == 22', action: 'skip' },
    { expression: 'tcp.dstport in {22 23}', action: 'block' },
    { expression: 'udp.dstport == 53 and not ends_with(udp.payload, "\\x00\\x01")', action: 'block' },
    { expression: 'icmp.type == 8', action: 'log' },
    { expression: 'true', action: 'block' },
  ],
  'logs that end nothing': [
    { expression: 'true', action: 'log' },
    { expression: 'tcp.flags.syn', action: 'log' },
    { expression: 'udp.payload contains "\\x00\\x01\\x00"', action: 'log' },
    { expression: 'ip.proto == "tcp"', action: 'block' },
    { expression: 'tcp.flags.ack', action: 'log' },
    { expression: 'not ip.proto == "udp"', action: 'skip' },
    { expression: 'true', action: 'log' },
  ],
  'disabled rules, which change nothing': [
    { expression: 'true', action: 'block', enabled: false },
    { expression: 'ip.proto in {"udp" "icmp"}', action: 'skip', enabled: false },
    { expression: 'len(udp.payload) > 100', action: 'block', enabled: false },
    { expression: 'udp.srcport in {53 67..69 123 500 520}', action: 'block' },
    { expression: 'udp.dstport < 1024 xor udp.srcport < 1024', action: 'skip' },
    { expression: 'ip.ttl < 64', action: 'block' },
    { expression: 'tcp.payload == ""', action: 'log', enabled: false },
  ],
  'absent fields of every kind': [
    { expression: 'tcp.dstport != 80 and udp.dstport != 53 and icmp.type ne 8', action: 'log' },
    { expression: 'not (tcp.flags.syn and not tcp.flags.ack) and ip.len > 1000', action: 'block' },
    { expression: 'udp.payload != "" and not len(udp.payload) >= 0', action: 'skip' },
    { expression: 'bit_slice(udp, 64, 96) > 0x80000000', action: 'block' },
    { expression: 'starts_with(tcp.payload, "")', action: 'skip' },
    { expression: 'tcp.payload != "" or icmp.code == 0', action: 'block' },
  ],
  'fifteen rules of both families': [
    { expression: 'ip.src in {10.0.0.0/8 2001:db8::/32} and ip.ttl == 1', action: 'block' },
    { expression: 'ip.dst in {224.0.0.0/4 ff00::/8}', action: 'log' },
    { expression: 'ip.dst == 224.0.0.5 or ip.dst == ff02::5', action: 'skip' },
    { expression: 'ip.proto == "ospfigp" or ip.proto == "ah"', action: 'block' },
    { expression: 'ip.src < 128.0.0.0 xor ip.dst < 128.0.0.0', action: 'log' },
    { expression: 'tcp.dstport in {179 646} or tcp.srcport in {179 646}', action: 'skip' },
    { expression: 'tcp.flags & 0x06', action: 'log' },
    { expression: 'tcp.flags == 0x02 and len(tcp.payload) == 0', action: 'block' },
    { expression: 'ends_with(tcp.payload, "\\x0d\\x0a")', action: 'skip' },
    { expression: 'udp.dstport == 5060', action: 'block', enabled: false },
    { expression: 'bit_slice(ip, 51, 64) != 0', action: 'block' },
    { expression: 'ip contains "\\xc0\\xa8\\x01\\x01"', action: 'block' },
    { expression: '(ip.src in $private or tcp.dstport == 22) and (ip.ttl > 60 or udp.dstport == 53)', action: 'block' },
    { expression: 'ip.src in $resolvers', action: 'skip' },
    { expression: 'ip.len in {40..100}', action: 'block' },
  ],
};

describe.each<Choice>(['auto', 'ebpf'])('a policy, backend %s', choice => {
  test.each(Object.entries(POLICIES))('with %s', async (name, rules) => {
    await expectSameFates(planOf(rules, { choice }), `${name}, ${choice}`);
  });
});

test('the comparison can fail: the fates under another policy differ', async () => {
  const block = planOf([{ expression: 'tcp.dstport == 22', action: 'block' }]);
  const skip = planOf([{ expression: 'tcp.dstport == 22', action: 'skip' }]);
  const { judged } = await inKernel(block, WRITTEN_FRAMES);
  expect(judged).not.toEqual(inEvaluator(skip, [...judged.keys()]));
});

async function expectSameFates(plan: Plan, name: string, frames = FRAMES): Promise<void> {
  const { judged, unseen } = await inKernel(plan, frames);
  const rules = plan.ruleset.rules.length;
  process.stdout.write(`${name}: ${rules} rules, ${judged.size} frames judged, ${unseen} unseen by the hook\n`);
  expect(judged.size).toBeGreaterThan(50);
  expect(judged).toEqual(inEvaluator(plan, [...judged.keys()]));
}

async function inKernel(plan: Plan, frames: readonly Frame[]): Promise<{ judged: Fates; unseen: number }> {
  const judged = new Map<number, string>();
  let unseen = 0;
  await replay(plan, frames, TEST_CACHE, ({ number }, fate) => {
    if (fate.kind === 'unseen') unseen++;
    else judged.set(number, describeFate(fate.verdict, fate.matched));
  });
  return { judged, unseen };
}

const BY_NUMBER: ReadonlyMap<number, Frame> = new Map(
  [...FRAMES, ...WRITTEN_FRAMES].map(frame => [frame.number, frame]),
);

function inEvaluator(plan: Plan, numbers: readonly number[]): Fates {
  return new Map(numbers.map(number => [number, judge(plan, BY_NUMBER.get(number))]));
}

function judge(plan: Plan, frame: Frame | undefined): string {
  const link = frame === undefined ? { skipped: 'no frame' } : ipPacketOf(frame);
  if ('skipped' in link) return link.skipped;
  const { verdict, matched } = evaluate(plan.ruleset, link.packet, RECEIVING);
  return describeFate(verdict, matched);
}

/** The deciding rule is the last that matched, if that is enabled and no log. */
function describeFate(verdict: string, matched: readonly { readonly index: number }[]): string {
  return `${verdict} ${matched.map(({ index }) => index).join(' ')}`;
}
