// The model against the evaluator: what a packet says of every variable, followed through a formula's diagram, ends where
// the evaluator ends. This is what the proofs of the analysis rest on.

import fc from 'fast-check';
import { Diagrams, SPENT } from '../../src/analysis/bdd';
import { type Encoding, encode, encodingFor } from '../../src/analysis/encode';
import { ipv4Model } from '../../src/analysis/ipv4';
import { ipv6Model } from '../../src/analysis/ipv6';
import { holds } from '../../src/ir/evaluate';
import { and, type Formula, test as irTest, type Load, loadBits, not, or, xor } from '../../src/ir/formula';
import { printFormula } from '../../src/ir/print';
import { normalize } from '../../src/net/interval-set';
import { dissect, type Packet, type PacketFamily, type Segment } from '../../src/packet/packet';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { CASES } from '../packet/expressions';
import { FRAMES } from '../packet/frames';
import { compiledExpression } from '../packet/rules';
import { contains } from './assignment';
import { isReceived } from './received';

const PACKETS: readonly Packet[] = FRAMES.flatMap(frame => {
  const link = ipPacketOf(frame);
  const packet = 'packet' in link && isReceived(link.packet) ? dissect(link.packet) : undefined;
  return packet === undefined ? [] : [packet];
});
const MODELS = { ip: ipv4Model, ip6: ipv6Model };
const ENCODINGS = { ip: encodingFor(ipv4Model(new Diagrams())), ip6: encodingFor(ipv6Model(new Diagrams())) };
/** A hundredth of the cases of other properties: each is a formula and twenty packets. */
const RUNS = { numRuns: Math.ceil((fc.readConfigureGlobal()?.numRuns ?? 5000) / 100) };
const STEPS = 3_000_000;
const FAMILIES: readonly PacketFamily[] = ['ip', 'ip6'];

function packetsOf(family: PacketFamily): readonly Packet[] {
  return PACKETS.filter(packet => packet.family === family);
}

test.each(FAMILIES)('every received %s packet lies in the world of its model', family => {
  const { model } = ENCODINGS[family];
  const outside = packetsOf(family).filter(packet => !contains(model.diagrams, model.world, packet));
  expect(packetsOf(family).length).toBeGreaterThan(10);
  expect(outside.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual([]);
});

describe.each(FAMILIES)('in %s', family => {
  test.each(CASES.map(({ expression }) => expression))(
    '%s holds of the packets that its diagram contains',
    expression => {
      const { plain, formula } = compiledExpression(expression);
      expect(disagreements(plain[family], packetsOf(family), ENCODINGS[family])).toEqual([]);
      expect(disagreements(formula[family], packetsOf(family), ENCODINGS[family])).toEqual([]);
    },
  );
});

/** The packets, in hex, that the diagram and the evaluator judge differently; none where the diagram is too large. */
function disagreements(formula: Formula, packets: readonly Packet[], encoding: Encoding): string[] {
  const edge = encode(formula, encoding);
  if (edge === SPENT) return [];
  return packets
    .filter(packet => contains(encoding.model.diagrams, edge, packet, encoding.scans) !== holds(formula, packet))
    .map(({ bytes }) => Buffer.from(bytes).toString('hex'));
}

describe('random formulas hold of the random packets that their diagrams contain', () => {
  test.each(FAMILIES)('%s', family => {
    fc.assert(
      fc.property(formulas(), fc.array(frames(family), { minLength: 20, maxLength: 20 }), (formula, bytes) => {
        const packets = bytes.filter(isReceived).map(frame => dissect(frame) as Packet);
        const encoding = encodingFor(MODELS[family](new Diagrams()));
        encoding.model.diagrams.allow(STEPS);
        const wrong = disagreements(formula, packets, encoding);
        if (wrong.length > 0) throw new Error(`${printFormula(formula)}\n${wrong.join('\n')}`);
      }),
      RUNS,
    );
  });
});

function formulas(): fc.Arbitrary<Formula> {
  const { formula } = fc.letrec<{ formula: Formula }>(tie => ({
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tests(),
      fc.array(tie('formula'), { minLength: 1, maxLength: 3 }).map(and),
      fc.array(tie('formula'), { minLength: 1, maxLength: 3 }).map(or),
      fc.array(tie('formula'), { minLength: 1, maxLength: 3 }).map(xor),
      tie('formula').map(not),
    ),
  }));
  return formula;
}

function tests(): fc.Arbitrary<Formula> {
  return loads().chain(load => {
    const bits = loadBits(load);
    const number = fc.oneof(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), fc.bigInt({ min: 0n, max: 70n }));
    const range = fc.tuple(number, fc.bigInt({ min: 0n, max: 40n }), fc.boolean());
    const values = fc
      .array(range, { maxLength: 3 })
      .map(ranges =>
        normalize(ranges.map(([from, more, open]) => ({ from, to: open ? (1n << BigInt(bits)) - 1n : from + more }))),
      );
    return fc.tuple(values, fc.option(number, { nil: undefined })).map(([set, mask]) => irTest(load, set, mask));
  });
}

function loads(): fc.Arbitrary<Load> {
  const segment = fc.constantFrom<Segment[]>('network', 'transport', 'tcp_payload', 'udp_payload', 'fragment_header');
  const fromStart = fc
    .tuple(segment, fc.integer({ min: 0, max: 48 }), fc.integer({ min: 0, max: 16 }))
    .map(([segment, offset, length]) => ({ kind: 'bytes', segment, from: 'start', offset, length }) as const);
  const fromEnd = fc
    .tuple(segment, fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 16 }))
    .filter(([, offset, length]) => length <= offset)
    .map(([segment, offset, length]) => ({ kind: 'bytes', segment, from: 'end', offset, length }) as const);
  const ipv6Length = fc.constant({
    kind: 'bytes',
    segment: 'network',
    from: 'start',
    offset: 4,
    length: 2,
    plus: 40n,
  } as const);
  const mss = fc.constant({ kind: 'bytes', segment: 'tcp_mss', from: 'start', offset: 0, length: 2 } as const);
  return fc.oneof(
    fromStart,
    mss,
    fromEnd,
    ipv6Length,
    segment.map(segment => ({ kind: 'length', segment }) as const),
    fc.constant({ kind: 'l4proto' } as const),
  );
}

/** Ordinary and broken packets: header lengths, fragments, extension headers, offsets of data, all short. */
function frames(family: PacketFamily): fc.Arbitrary<Uint8Array> {
  const transport = fc.uint8Array({ maxLength: 64 });
  return family === 'ip'
    ? fc.tuple(fc.integer({ min: 5, max: 15 }), flags(), protocols(), transport).map(ipv4Frame)
    : fc.tuple(fc.array(extensions(), { maxLength: 3 }), protocols(), transport, cuts()).map(ipv6Frame);
}

function protocols(): fc.Arbitrary<number> {
  return fc.constantFrom(6, 6, 6, 17, 17, 1, 51, 58, 0, 44);
}

function flags(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0, 0, 0x4000, 0x2000, 0x2001, 0x1fff, 8);
}

function ipv4Frame([words, fragment, protocol, transport]: readonly [number, number, number, Uint8Array]): Uint8Array {
  const bytes = Buffer.alloc(words * 4 + transport.length, 0x5a);
  bytes[0] = 0x40 | words;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes.writeUInt16BE(fragment, 6);
  bytes[9] = protocol;
  bytes.set(likeTcp(protocol, transport), words * 4);
  return bytes;
}

/** Next to random data offsets, more that lie within the header, some with a Maximum Segment Size. */
function likeTcp(protocol: number, transport: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(transport);
  if (protocol === 6 && bytes.length > 13 && (bytes[0] as number) < 192)
    bytes[12] = ((bytes[12] as number) & 0x7f) | 0x50;
  if (protocol === 6 && bytes.length >= 24 && (bytes[0] as number) % 2 === 0) bytes.set([2, 4, 0, 33], 20);
  return bytes;
}

interface ExtensionHeader {
  readonly kind: number;
  readonly bytes: Uint8Array;
}

function extensions(): fc.Arbitrary<ExtensionHeader> {
  return fc
    .tuple(fc.constantFrom(0, 43, 44, 44, 51, 60), fc.constantFrom(0, 0, 1, 40), fc.constantFrom(0, 0, 1, 8, 0x41))
    .map(([kind, length, offset]) => ({
      kind,
      bytes: Uint8Array.of(
        0,
        length,
        0,
        offset,
        ...Array<number>(4 + (kind === 44 ? 0 : Math.min(length, 1) * (kind === 51 ? 4 : 8))).fill(0),
      ),
    }));
}

/** Bytes that are missing at the end. */
function cuts(): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 80 }));
}

function ipv6Frame([chain, protocol, transport, cut]: readonly [
  readonly ExtensionHeader[],
  number,
  Uint8Array,
  number,
]): Uint8Array {
  const headers = chain.map(({ bytes }, index) => {
    const copy = Uint8Array.from(bytes);
    copy[0] = chain[index + 1]?.kind ?? protocol;
    return copy;
  });
  const whole = Buffer.concat([...headers, likeTcp(protocol, transport)]);
  const behind = whole.subarray(0, Math.max(0, whole.length - cut));
  const fixed = Buffer.alloc(40, 0x5a);
  fixed[0] = 0x60;
  fixed.writeUInt16BE(behind.length, 4);
  fixed[6] = chain[0]?.kind ?? protocol;
  return Buffer.concat([fixed, behind]);
}

test.each(FAMILIES)('every random received %s packet lies in the world of its model', family => {
  const { model } = ENCODINGS[family];
  fc.assert(
    fc.property(frames(family), frame => {
      fc.pre(isReceived(frame));
      expect(contains(model.diagrams, model.world, dissect(frame) as Packet)).toBe(true);
    }),
    { numRuns: RUNS.numRuns * 20 },
  );
});

/** Nothing counts as the upper layer's header that begins beyond 64 KiB. */
test('every random ip6 packet of some 64 KiB lies in the world of its model', () => {
  const { model } = ENCODINGS.ip6;
  const place = fc.integer({ min: 8170, max: 8192 });
  fc.assert(
    fc.property(fc.tuple(place, frames('ip6')).map(farOn), frame => {
      fc.pre(isReceived(frame));
      expect(contains(model.diagrams, model.world, dissect(frame) as Packet)).toBe(true);
    }),
    { numRuns: RUNS.numRuns * 5 },
  );
});

/** The same behind so many times eight bytes of destination options. */
function farOn([units, frame]: readonly [number, Uint8Array]): Uint8Array {
  const headers = [...Array<number>(31).fill(256), units - 31 * 256].map((length, index, all) => {
    const header = Buffer.alloc(length * 8);
    header.set([index === all.length - 1 ? (frame[6] as number) : 60, length - 1]);
    return header;
  });
  const behind = Buffer.concat([...headers, frame.subarray(40)]);
  const fixed = Buffer.from(frame.subarray(0, 40));
  const isJumbogram = behind.length > 0xffff;
  fixed.writeUInt16BE(isJumbogram ? 0 : behind.length, 4);
  fixed[6] = isJumbogram ? 0 : 60;
  return Buffer.concat([fixed, behind]);
}
