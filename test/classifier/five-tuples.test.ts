// Many overlapping rules over addresses, ports and protocols, as ClassBench makes them, against packets at the borders of
// their ranges: the deciding rule of each packet, and every counter, in the tables and in the kernel.

import fc from 'fast-check';
import { buildClassifier } from '../../src/classifier/build';
import { interpret } from '../../src/classifier/interpret';
import { evaluate } from '../../src/ir/evaluate';
import { and, FALSE, type Formula, type Load, test as testOf } from '../../src/ir/formula';
import type { Rule } from '../../src/ir/ruleset';
import type { Interval } from '../../src/net/interval-set';
import { dissect, type Packet, type PacketFamily } from '../../src/packet/packet';
import { seeds } from '../packet/fuzz';
import { TIME_FACTOR } from '../time-factor';
import { counts, loadClassifier, run } from './loaded-classifier';

const RULES = 1200;
const PACKETS = 1500;
const ROUNDS = Math.max(1, Number(process.env.FUZZ_RUNS ?? 0) / 2000);

/** Where the fields lie; the header is as long as the second number says. */
const FIELDS: Readonly<
  Record<PacketFamily, { readonly places: readonly [number, number][]; readonly header: number }>
> = {
  ip: {
    places: [
      [12, 4],
      [16, 4],
    ],
    header: 20,
  },
  ip6: {
    places: [
      [8, 16],
      [24, 16],
    ],
    header: 40,
  },
};
const PORTS: readonly [number, number][] = [
  [0, 2],
  [2, 2],
];

/** Source, destination, source port, destination port, protocol. */
type Tuple = readonly Interval[];

/** Few beginnings, so that prefixes of all lengths lie in one another. */
function prefix(bits: number): fc.Arbitrary<Interval> {
  const beginnings = [0x0a00n, 0x0a80n, 0xc0a8n, 0x2001n].map(top => top << BigInt(bits - 16));
  return fc
    .record({
      beginning: fc.constantFrom(...beginnings),
      low: fc.bigInt({ min: 0n, max: 255n }),
      length: fc.constantFrom(0, 8, 15, 16, bits - 16, bits - 8, bits - 4, bits - 1, bits, bits),
    })
    .map(({ beginning, low, length }) => {
      const size = 1n << BigInt(bits - length);
      const from = ((beginning | (low << 4n) | (low >> 3n)) / size) * size;
      return { from, to: from + size - 1n };
    });
}

const port: fc.Arbitrary<Interval> = fc.oneof(
  fc.constant({ from: 0n, to: 65535n }),
  fc.constantFrom(22n, 53n, 80n, 443n, 8080n).map(only => ({ from: only, to: only })),
  fc.constantFrom([0n, 1023n], [1024n, 65535n], [5000n, 5010n], [79n, 81n]).map(([from, to]) => ({
    from: from as bigint,
    to: to as bigint,
  })),
);
const protocol: fc.Arbitrary<Interval> = fc.constantFrom(6n, 6n, 17n, 1n).map(only => ({ from: only, to: only }));

function tuple(family: PacketFamily): fc.Arbitrary<Tuple> {
  const bits = family === 'ip' ? 32 : 128;
  return fc.tuple(prefix(bits), prefix(bits), port, port, protocol);
}

function ruleOf(tuple: Tuple, position: number, family: PacketFamily): Rule {
  const loads: Load[] = [
    ...FIELDS[family].places.map(([offset, length]) => load('network', offset, length)),
    ...PORTS.map(([offset, length]) => load('transport', offset, length)),
    { kind: 'l4proto' },
  ];
  const formula = and(tuple.map((interval, field) => testOf(loads[field] as Load, [interval])));
  const none: Formula = FALSE;
  return {
    index: position + 1,
    ref: String(position + 1),
    action: position % 2 === 0 ? 'block' : 'skip',
    enabled: true,
    formula: family === 'ip' ? { ip: formula, ip6: none } : { ip: none, ip6: formula },
  };
}

function load(segment: 'network' | 'transport', offset: number, length: number): Load {
  return { kind: 'bytes', segment, from: 'start', offset, length };
}

/** At a border of each field of a rule, one of them perhaps just outside. */
const packetAt = fc.record({
  rule: fc.nat(RULES - 1),
  ends: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
  outside: fc.option(fc.nat(3)),
});

function packetOf(
  tuples: readonly Tuple[],
  at: typeof packetAt extends fc.Arbitrary<infer T> ? T : never,
  family: PacketFamily,
): Packet {
  const tuple = tuples[at.rule] as Tuple;
  const numbers = tuple.map(({ from, to }, field) => {
    const end = at.ends[field] ? from : to;
    return at.outside === field ? end + (at.ends[field] ? -1n : 1n) : end;
  });
  const { places, header } = FIELDS[family];
  const bytes = Buffer.alloc(header + 20);
  bytes[0] = family === 'ip' ? 0x45 : 0x60;
  bytes.writeUInt16BE(family === 'ip' ? bytes.length : 20, family === 'ip' ? 2 : 4);
  bytes[family === 'ip' ? 9 : 6] = Number(numbers[4]);
  const all = [...places, ...PORTS.map(([offset, length]) => [header + offset, length] as const)];
  for (const [field, [offset, length]] of all.entries()) {
    const digits = BigInt.asUintN(8 * length, numbers[field] as bigint)
      .toString(16)
      .padStart(2 * length, '0');
    bytes.set(Buffer.from(digits, 'hex'), offset);
  }
  return dissect(bytes) as Packet;
}

describe.each<PacketFamily>(['ip', 'ip6'])('%s', family => {
  test(
    'the deciding rule is the first that matches',
    async () => {
      let round = 0;
      for (const seed of seeds()) {
        if (++round > ROUNDS) break;
        const tuples = fc.sample(tuple(family), { seed, numRuns: RULES });
        const rules = tuples.map((each, position) => ruleOf(each, position, family));
        const packets = fc.sample(packetAt, { seed, numRuns: PACKETS }).map(at => packetOf(tuples, at, family));
        await judge(rules, packets, family, seed);
      }
    },
    600_000 * TIME_FACTOR,
  );
});

async function judge(
  rules: readonly Rule[],
  packets: readonly Packet[],
  family: PacketFamily,
  seed: number,
): Promise<void> {
  const classifier = buildClassifier(rules, family);
  if ('refused' in classifier) throw new Error(classifier.refused);
  const loaded = await loadClassifier(classifier);
  const expected = rules.map(() => 0);
  let decided = 0;
  try {
    for (const packet of packets) {
      const { verdict, rule } = evaluate({ account: '', rules }, packet.bytes);
      const position = rule === undefined ? undefined : rule.index - 1;
      if (position !== undefined) {
        expected[position] = (expected[position] as number) + 1;
        decided++;
      }
      const said = { tables: interpret(classifier, packet), dropped: run(loaded, packet.bytes).dropped };
      const wanted = { tables: { verdict, rule: position, logged: [] }, dropped: verdict === 'drop' };
      const context = { seed, packet: Buffer.from(packet.bytes).toString('hex') };
      if (JSON.stringify(said) !== JSON.stringify(wanted)) expect({ ...said, context }).toEqual({ ...wanted, context });
    }
    const found = (await counts(loaded)).slice(0, rules.length).map(count => count.packets);
    expect(found).toEqual(expected);
    expect(decided).toBeGreaterThan(packets.length / 3);
  } finally {
    loaded.close();
  }
}
