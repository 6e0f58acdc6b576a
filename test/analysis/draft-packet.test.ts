// Whatever packet the model has in its world can be drafted: lengths, protocols and chains of extension headers at random,
// with packets about as short and as long as there are. Where a draft is another packet than was asked for, the
// analysis could only say "unknown".

import fc from 'fast-check';
import { choose } from '../../src/analysis/assignment';
import { Diagrams, type Edge } from '../../src/analysis/bdd';
import { within } from '../../src/analysis/binary';
import { draftPacket } from '../../src/analysis/draft-packet';
import { ipv4Model } from '../../src/analysis/ipv4';
import { ipv6Model } from '../../src/analysis/ipv6';
import { lengthOf, type PacketModel } from '../../src/analysis/model';
import { USUAL_PACKETS, usualValues } from '../../src/analysis/usual-packet';
import { LENGTH_BITS, type LengthName, type Variable, variableAt } from '../../src/analysis/variable';
import { bounds, dissect, type Packet, type PacketFamily } from '../../src/packet/packet';
import { contains } from './assignment';
import { isReceived } from './received';

const RUNS = { numRuns: fc.readConfigureGlobal()?.numRuns ?? 2000 };
const MODELS = { ip: ipv4Model(new Diagrams()), ip6: ipv6Model(new Diagrams()) };

/** What is wished of the variables; the world may not have it so. */
interface Wish {
  readonly nextHeader: number;
  readonly following: number;
  readonly l4proto: number;
  readonly offset: number;
  readonly headerWords: number;
  readonly lengths: Readonly<Record<LengthName, number>>;
  readonly found: Readonly<Record<string, boolean>>;
}

/** Bytes that `behind_header` counts. */
const RANGES = [
  ['ip', 20, 100],
  ['ip', 65_440, 65_535],
  ['ip6', 0, 48],
  ['ip6', 0, 300],
  ['ip6', 2000, 6200],
  ['ip6', 65_440, 65_535],
  // Jumbograms.
  ['ip6', 65_536, 65_700],
] as const;

test.each(RANGES)('%s, %i to %i bytes', (family, from, to) => {
  const model = MODELS[family];
  const d = model.diagrams;
  const range = within(d, lengthOf(model, 'behind_header'), [{ from: BigInt(from), to: BigInt(to) }]);
  const packets = d.and(model.world, range);
  fc.assert(
    fc.property(wishes(from, to), wish => {
      expect(mistake(model, packets, wish)).toBeUndefined();
    }),
    RUNS,
  );
});

function mistake(model: PacketModel, packets: Edge, wish: Wish): string | undefined {
  const { diagrams, family } = model;
  const assignment = choose(diagrams, packets, family, wished(wish, family));
  const bytes = draftPacket(assignment)?.draft.bytes ?? new Uint8Array();
  const packet = isReceived(bytes) ? dissect(bytes) : undefined;
  if (packet === undefined) return `no packet: ${Buffer.from(bytes).toString('hex')}`;
  const wrong = [...assignment.decided].filter(([level, value]) => {
    const isThere = hasVariable(packet, variableAt(level, family));
    return isThere && contains(diagrams, diagrams.variable(level), packet) !== value;
  });
  if (wrong.length === 0) return undefined;
  const said = wrong.map(([level]) => Object.values(variableAt(level, family)).join(' '));
  return `${Buffer.from(bytes).toString('hex')} has other bits: ${said.join(', ')}`;
}

/** Of a header that is not there the assignment may say anything. */
function hasVariable(packet: Packet, variable: Variable): boolean {
  if (packet.family === 'ip') return true;
  if (variable.kind === 'l4proto') return packet.l4proto !== undefined;
  const place = variable.kind === 'length' ? variable.name : variable.kind === 'byte' ? variable.region : undefined;
  if (place === 'transport') return bounds(packet, 'transport') !== undefined;
  return place !== 'fragment_header' || packet.fragmentHeader !== undefined;
}

function wished(wish: Wish, family: PacketFamily) {
  const usual = usualValues(family, USUAL_PACKETS[0] as (typeof USUAL_PACKETS)[number]);
  return (variable: Variable, decided: (other: Variable) => boolean | undefined): boolean => {
    switch (variable.kind) {
      case 'fact':
        return wish.found[variable.name] === true;
      case 'length':
        return isSet(wish.lengths[variable.name], LENGTH_BITS, variable.bit);
      case 'l4proto':
        return isSet(wish.l4proto, 8, variable.bit);
      case 'byte': {
        const number = wishedByte(wish, `${family} ${variable.region} ${variable.byte}`);
        return number === undefined ? usual(variable, decided) : isSet(number, 8, variable.bit);
      }
      case 'opaque':
        return false;
    }
  };
}

function wishedByte(wish: Wish, name: string): number | undefined {
  switch (name) {
    case 'ip6 network 6':
      return wish.nextHeader;
    case 'ip6 fragment_header 0':
      return wish.following;
    case 'ip6 fragment_header 2':
    case 'ip network 6':
      return wish.offset >> 8;
    case 'ip6 fragment_header 3':
    case 'ip network 7':
      return wish.offset & 0xff;
    case 'ip network 0':
      return 0x40 | wish.headerWords;
    default:
      return undefined;
  }
}

function isSet(value: number, width: number, bit: number): boolean {
  return Math.floor(value / 2 ** (width - 1 - bit)) % 2 === 1;
}

function wishes(from: number, to: number): fc.Arbitrary<Wish> {
  const header = fc.constantFrom(0, 43, 44, 44, 44, 60, 51, 51, 6, 17, 59);
  const length = fc.oneof(fc.integer({ min: 0, max: 48 }), fc.integer({ min: from, max: to }));
  return fc.record({
    nextHeader: header,
    following: header,
    l4proto: header,
    offset: fc.constantFrom(0, 0, 1, 8, 0xfff8),
    headerWords: fc.integer({ min: 5, max: 15 }),
    lengths: fc.record({
      behind_header: fc.integer({ min: from, max: to }),
      transport: length,
      fragment_header: length,
    }),
    found: fc.record({
      l4proto_found: fc.boolean(),
      transport_found: fc.boolean(),
      fragment_header_found: fc.boolean(),
    }),
  });
}
