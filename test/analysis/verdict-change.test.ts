// Which packets another policy judges otherwise: written pairs of policies with the pairs of rules that differ, and random
// ones held against every packet of the tests.

import fc from 'fast-check';
import { type Decision, type VerdictChanges, verdictChanges } from '../../src/analysis/verdict-change';
import { evaluate } from '../../src/ir/evaluate';
import type { Rule } from '../../src/ir/ruleset';
import { dissect } from '../../src/packet/packet';
import { rulesOf } from './policy';
import { HEADER_CONDITIONS, PAYLOAD_CONDITIONS, policies, RECEIVED } from './random-policy';

type Row = readonly [before: readonly string[], after: readonly string[], changes: readonly string[]];

/** The n-th rule of either side is rn; `-` stands for no rule. */
const ROWS: readonly Row[] = [
  [[], [], []],
  [[], ['block tcp.dstport == 80'], ['ip - pass -> r1 drop', 'ip6 - pass -> r1 drop']],
  [['block ip.src == 10.0.0.1'], [], ['ip r1 drop -> - pass']],
  [['skip ip.src == 10.0.0.1'], [], []],
  [['block ip.src == 10.0.0.1'], ['block ip.src == 10.0.0.1'], []],
  [['block ip.src in {10.0.0.0/8}'], ['block ip.src in {10.0.0.0/9 10.128.0.0/9}'], []],
  [['block ip.src in {10.0.0.0/8}'], ['block ip.src in {10.0.0.0/9}'], ['ip r1 drop -> - pass']],
  [['block ip.src in {10.0.0.0/9}'], ['block ip.src in {10.0.0.0/8}'], ['ip - pass -> r1 drop']],
  // Only what earlier rules leave.
  [['block true'], ['block true', 'block ip.src == 10.0.0.1'], []],
  [['skip tcp.dstport == 80'], ['skip tcp.dstport == 80', 'block tcp.dstport == 80'], []],
  [
    ['skip ip.src == 10.0.0.1', 'block ip.src in {10.0.0.0/8}'],
    ['block ip.src in {10.0.0.0/8}', 'skip ip.src == 10.0.0.1'],
    ['ip r1 pass -> r1 drop'],
  ],
  [
    ['block ip.src == 10.0.0.1', 'block ip.dst == 10.0.0.2'],
    ['block ip.dst == 10.0.0.2', 'block ip.src == 10.0.0.1'],
    [],
  ],
  // What decides nothing changes nothing.
  [['log true', 'block ip.src == 10.0.0.1'], ['block ip.src == 10.0.0.1'], []],
  [['disabled block true'], ['log true'], []],
  [['disabled block ip.src == 10.0.0.1'], ['block ip.src == 10.0.0.1'], ['ip - pass -> r1 drop']],
  [
    ['block ip.src == 10.0.0.1'],
    ['skip ip.src == 10.0.0.1', 'block true'],
    ['ip r1 drop -> r1 pass', 'ip - pass -> r2 drop', 'ip6 - pass -> r2 drop'],
  ],
  // The rules between stay, and both sides of a change meet others.
  [
    ['block ip.src in {10.0.0.0/8}', 'skip tcp.dstport == 80', 'block ip.version == 4'],
    ['skip ip.src in {10.0.0.0/8}', 'skip tcp.dstport == 80', 'block ip.version == 4'],
    ['ip r1 drop -> r1 pass'],
  ],
  [['skip ip.src in {10.0.0.0/8}', 'block ip.version == 4'], ['block ip.version == 4'], ['ip r1 pass -> r1 drop']],
  [
    ['block udp.payload contains "abc"'],
    ['block udp.payload contains "ab"'],
    ['ip - pass -> r1 drop', 'ip6 - pass -> r1 drop'],
  ],
  [
    ['block in_iface == "eth0"'],
    ['block in_iface == "eth1"'],
    ['ip r1 drop -> - pass', 'ip - pass -> r1 drop', 'ip6 r1 drop -> - pass', 'ip6 - pass -> r1 drop'],
  ],
];

test.each(ROWS)('%j to %j', (before, after, changes) => {
  const [old, next] = [rulesOf(before), rulesOf(after)];
  const found = verdictChanges(old, next);
  expect(found.changes.map(each => `${each.family} ${say(each.before)} -> ${say(each.after)}`)).toEqual(changes);
  expect(found).toMatchObject({ open: [], more: [], complete: true });
  expect(mistaken(old, next, found)).toEqual([]);
});

test('a payload that only one of the policies drops is found', () => {
  const [old, next] = [rulesOf(['block udp.payload contains "abc"']), rulesOf(['block udp.payload contains "abcd"'])];
  const { changes } = verdictChanges(old, next);
  expect(changes.map(each => Buffer.from(each.witness, 'hex').toString('latin1').includes('abc'))).toEqual([
    true,
    true,
  ]);
});

test('of a rule that meets more than eight others it is said that there are more', () => {
  const others = Array.from({ length: 20 }, (_, number) => `skip tcp.dstport == ${number + 1}`);
  const found = verdictChanges(rulesOf([...others]), rulesOf(['block true', ...others]));
  expect(found).toMatchObject({ more: ['r1'], complete: false, open: [] });
  expect(found.changes.length).toBe(16);
});

test('without a budget nothing is claimed', () => {
  expect(verdictChanges(rulesOf([]), rulesOf(['block tcp.dstport == 80']), 0)).toEqual({
    changes: [],
    open: [],
    more: ['r1'],
    complete: false,
  });
});

/** A hundredth of the cases of other properties: each is a pair of policies, held against some 250 packets. */
const RUNS = { numRuns: Math.ceil((fc.readConfigureGlobal()?.numRuns ?? 3000) / 100) };

test('every packet whose verdict differs belongs to a pair that was found, and every packet shown differs', () => {
  const conditions = [...HEADER_CONDITIONS, ...PAYLOAD_CONDITIONS];
  fc.assert(
    fc.property(edited(conditions), ([before, after]) => {
      const [old, next] = [rulesOf(before), rulesOf(after)];
      expect(mistaken(old, next, verdictChanges(old, next))).toEqual([]);
    }),
    RUNS,
  );
});

test('of conditions on headers nothing stays open', () => {
  fc.assert(
    fc.property(edited(HEADER_CONDITIONS), ([before, after]) => {
      const [old, next] = [rulesOf(before), rulesOf(after)];
      const found = verdictChanges(old, next);
      expect(found.open).toEqual([]);
      expect(mistaken(old, next, found)).toEqual([]);
    }),
    RUNS,
  );
});

test.each([100, 10_000])('with a budget of %i steps what is said is still true', budget => {
  fc.assert(
    fc.property(edited(HEADER_CONDITIONS), ([before, after]) => {
      const [old, next] = [rulesOf(before), rulesOf(after)];
      expect(mistaken(old, next, verdictChanges(old, next, budget))).toEqual([]);
    }),
    RUNS,
  );
});

test('one changed rule among ten thousand is looked at alone', () => {
  const lines = Array.from({ length: 10_000 }, (_, number) => {
    return `block ip.src == 10.${number >> 8}.${number & 255}.1 and tcp.dstport == ${(number % 5000) + 1}`;
  });
  const found = verdictChanges(rulesOf(lines), rulesOf(lines.with(5000, 'block ip.src == 10.19.136.1')));
  expect(found.changes.map(each => `${each.family} ${say(each.before)} -> ${say(each.after)}`)).toEqual([
    'ip - pass -> r5001 drop',
  ]);
  expect(found.complete).toBe(true);
});

/** A policy, and the same with rules taken out, put in and moved. */
function edited(conditions: readonly string[]): fc.Arbitrary<[string[], string[]]> {
  return fc
    .tuple(policies(conditions), policies(conditions), fc.array(fc.nat(20), { maxLength: 4 }))
    .map(([before, others, places]) => {
      const after = [...before];
      for (const [step, place] of places.entries()) {
        const at = place % (after.length + 1);
        if (step % 3 === 0) after.splice(at, 0, others[place % others.length] as string);
        else if (step % 3 === 1) after.splice(at, 1);
        else after.unshift(...after.splice(at, 1));
      }
      return [before, after];
    });
}

/** What is wrong in what was found: packets shown that do not differ so, packets that differ and are of no pair. */
function mistaken(before: readonly Rule[], after: readonly Rule[], found: VerdictChanges): string[] {
  const shown = found.changes.map(change => {
    const inIface = change.in_iface === null ? undefined : Buffer.from(change.in_iface, 'latin1');
    return { change, frame: Buffer.from(change.witness, 'hex'), inIface };
  });
  const wrong = shown.filter(({ change, frame, inIface }) => {
    const judged = `${say(judge(before, frame, inIface))} -> ${say(judge(after, frame, inIface))}`;
    return judged !== `${say(change.before)} -> ${say(change.after)}` || change.before.verdict === change.after.verdict;
  });
  const pairs = new Set([...found.changes, ...found.open].map(each => pairOf(each.family, each.before, each.after)));
  const missed = RECEIVED.filter(({ frame, inIface }) => {
    const [old, next] = [judge(before, frame, inIface), judge(after, frame, inIface)];
    if (old.verdict === next.verdict) return false;
    const family = dissect(frame)?.family ?? '';
    return !pairs.has(pairOf(family, old, next)) && !found.more.some(ref => ref === old.ref || ref === next.ref);
  });
  return [
    ...wrong.map(({ change }) => `shown ${JSON.stringify(change)}`),
    ...missed.map(({ frame }) => `missed ${Buffer.from(frame).toString('hex')}`),
  ];
}

function judge(rules: readonly Rule[], frame: Uint8Array, inIface: Uint8Array | undefined): Decision {
  const { rule, verdict } = evaluate({ account: '', rules }, frame, inIface);
  return { ref: rule?.ref ?? null, verdict };
}

function pairOf(family: string, before: Decision, after: Decision): string {
  return `${family} ${say(before)} -> ${say(after)}`;
}

function say({ ref, verdict }: Decision): string {
  return `${ref ?? '-'} ${verdict}`;
}
