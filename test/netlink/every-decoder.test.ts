// Whatever bytes come, every decoder gives a value or a NetlinkError that calls them malformed, and no value is much larger
// than its bytes. The decoders are looked up in the source: one that is not in the table fails the first test.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Attributes, splitAttributes } from '../../src/netlink/attribute';
import { decodeAcknowledgement } from '../../src/netlink/extack';
import { type Message, splitMessages } from '../../src/netlink/message';
import { NetlinkError } from '../../src/netlink/netlink-error';
import { encodeBatch } from '../../src/netlink/nftables/batch';
import { decodeChain } from '../../src/netlink/nftables/chain';
import { decodeData, decodeValue } from '../../src/netlink/nftables/data';
import { decodeElements, elementAt } from '../../src/netlink/nftables/element';
import { decodeElementCounts } from '../../src/netlink/nftables/element-count';
import { decodeBitwise } from '../../src/netlink/nftables/expression/bitwise';
import { decodeByteorder } from '../../src/netlink/nftables/expression/byteorder';
import { decodeCmp } from '../../src/netlink/nftables/expression/cmp';
import { decodeCounter, decodeCounterValues } from '../../src/netlink/nftables/expression/counter';
import { decodeExpression, decodeExpressions } from '../../src/netlink/nftables/expression/expression';
import { decodeExthdr } from '../../src/netlink/nftables/expression/exthdr';
import { decodeImmediate } from '../../src/netlink/nftables/expression/immediate';
import { decodeLog } from '../../src/netlink/nftables/expression/log';
import { decodeLookup } from '../../src/netlink/nftables/expression/lookup';
import { decodeMatch } from '../../src/netlink/nftables/expression/match';
import { decodeMeta } from '../../src/netlink/nftables/expression/meta';
import { decodeObjref } from '../../src/netlink/nftables/expression/objref';
import { decodePayload } from '../../src/netlink/nftables/expression/payload';
import { decodeRange } from '../../src/netlink/nftables/expression/range';
import { pinnedProgramPath } from '../../src/netlink/nftables/expression/xt-bpf-info';
import { decodeGeneration } from '../../src/netlink/nftables/generation';
import { decodeLastCounts } from '../../src/netlink/nftables/last-count';
import { decodeNftables, nftablesType } from '../../src/netlink/nftables/nfgenmsg';
import { notifiedTable } from '../../src/netlink/nftables/notification';
import { decodeCounterObject } from '../../src/netlink/nftables/object';
import { decodeRule, expressionAt } from '../../src/netlink/nftables/rule';
import { decodeOneOrMore, decodeSet } from '../../src/netlink/nftables/set';
import { decodeTable } from '../../src/netlink/nftables/table';
import { decodeTlvs, setUserdataComment, userdataComment, userdataTag } from '../../src/netlink/nftables/userdata';
import { decodeInterfaceAddress } from '../../src/netlink/route/address';
import { decodeFdbEntry, isSetFdbEntry } from '../../src/netlink/route/fdb';
import { decodeAddress } from '../../src/netlink/route/ip-bytes';
import { decodeLink } from '../../src/netlink/route/link';
import { decodeGre, decodeGreKeys } from '../../src/netlink/route/link-kind/gre';
import { decodeIp6Gre } from '../../src/netlink/route/link-kind/ip6gre';
import { decodeIp6Tunnel } from '../../src/netlink/route/link-kind/ip6tnl';
import { decodeIpip } from '../../src/netlink/route/link-kind/ipip';
import { restIsZero } from '../../src/netlink/route/link-kind/rest';
import { decodeTunnel } from '../../src/netlink/route/link-kind/tunnel';
import { decodeVxlan } from '../../src/netlink/route/link-kind/vxlan';
import { macText } from '../../src/netlink/route/mac';
import { decodeNeighbour } from '../../src/netlink/route/neighbour';
import { decodeNetnsId } from '../../src/netlink/route/netns-id';
import { decodeNextHops } from '../../src/netlink/route/next-hop';
import {
  notifiedAlias,
  notifiedNeighbourDevice,
  notifiedNetconfDevice,
  notifiedRoute,
} from '../../src/netlink/route/notification';
import { decodeRoute } from '../../src/netlink/route/route';
import { decodeRouteMessage } from '../../src/netlink/route/rtnetlink';

const SOURCE = join(__dirname, '../../src/netlink');
const RUNS = { numRuns: fc.readConfigureGlobal()?.numRuns ?? 2000 };

const HEADERS: readonly (readonly number[])[] = [
  [],
  [2, 0, 0, 0],
  [10, 0, 0, 0],
  ...[2, 10].flatMap(family => [8, 12, 16].map(size => [family, ...Array<number>(size - 1).fill(0)])),
  // AF_BRIDGE and NTF_SELF.
  [7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0],
];

/** What a decoder is given: a message with these bytes behind its header, or the bytes themselves. */
type Decode = (bytes: Uint8Array) => unknown;

const DECODERS: Readonly<Record<string, Decode>> = {
  decodeRoute: ofMessage(decodeRoute, 24),
  decodeLink: ofMessage(decodeLink, 16),
  notifiedAlias: ofMessage(notifiedAlias, 16),
  notifiedRoute: ofMessage(notifiedRoute, 24),
  notifiedNeighbourDevice: ofMessage(notifiedNeighbourDevice, 28),
  notifiedNetconfDevice: ofMessage(notifiedNetconfDevice, 20),
  decodeInterfaceAddress: ofMessage(decodeInterfaceAddress, 20),
  decodeNeighbour: ofMessage(decodeNeighbour, 28),
  decodeFdbEntry: ofMessage(decodeFdbEntry, 28),
  isSetFdbEntry: ofMessage(isSetFdbEntry, 28),
  decodeRouteMessage: ofMessage(message => decodeRouteMessage(message, 24, 12), 24),
  decodeTable: ofMessage(decodeTable, nftablesType(0)),
  decodeChain: ofMessage(decodeChain, nftablesType(3)),
  decodeRule: ofMessage(decodeRule, nftablesType(6)),
  decodeLastCounts: ofMessage(decodeLastCounts, nftablesType(8)),
  decodeSet: ofMessage(decodeSet, nftablesType(9)),
  decodeElements: ofMessage(decodeElements, nftablesType(12)),
  decodeElementCounts: ofMessage(decodeElementCounts, nftablesType(12)),
  decodeGeneration: ofMessage(decodeGeneration, nftablesType(15)),
  decodeCounterObject: ofMessage(decodeCounterObject, nftablesType(18)),
  notifiedTable: ofMessage(notifiedTable, nftablesType(6)),
  decodeNftables: ofMessage(message => decodeNftables(message, 6, 'rule'), nftablesType(6)),
  decodeAcknowledgement: ofMessage(decodeAcknowledgement, 2),
  decodeTunnel: ofAttributes(attributes => decodeTunnel(attributes, 'gre')),
  decodeGre: ofAttributes(decodeGre),
  decodeGreKeys: ofAttributes(decodeGreKeys),
  decodeIp6Gre: ofAttributes(decodeIp6Gre),
  decodeIp6Tunnel: ofAttributes(decodeIp6Tunnel),
  decodeIpip: ofAttributes(attributes => decodeIpip(attributes, 'sit')),
  decodeVxlan: ofAttributes(decodeVxlan),
  restIsZero: ofAttributes(restIsZero),
  decodeNetnsId: ofMessage(decodeNetnsId, 88),
  decodeNextHops,
  decodeAddress: ofAttributes(attributes => decodeAddress(attributes, 1)),
  decodeData: ofAttributes(attributes => decodeData(attributes, 1)),
  decodeValue: ofAttributes(attributes => decodeValue(attributes, 1)),
  decodeOneOrMore: ofAttributes(attributes => decodeOneOrMore(attributes, { one: 1, more: 2 })),
  decodeExpressions: ofAttributes(attributes => decodeExpressions(attributes, 1)),
  decodeExpression: ofAttributes(decodeExpression),
  decodeBitwise: ofAttributes(decodeBitwise),
  decodeByteorder: ofAttributes(decodeByteorder),
  decodeCmp: ofAttributes(decodeCmp),
  decodeCounter: ofAttributes(decodeCounter),
  decodeCounterValues: ofAttributes(decodeCounterValues),
  decodeExthdr: ofAttributes(decodeExthdr),
  decodeImmediate: ofAttributes(decodeImmediate),
  decodeLog: ofAttributes(decodeLog),
  decodeLookup: ofAttributes(decodeLookup),
  decodeMatch: ofAttributes(decodeMatch),
  decodeMeta: ofAttributes(decodeMeta),
  decodeObjref: ofAttributes(decodeObjref),
  decodePayload: ofAttributes(decodePayload),
  decodeRange: ofAttributes(decodeRange),
  pinnedProgramPath: info => pinnedProgramPath({ kind: 'match', name: 'bpf', revision: 1, info }),
  splitMessages,
  splitAttributes: bytes => splitAttributes(bytes, 'anything'),
  decodeTlvs,
  userdataComment,
  userdataTag,
  setUserdataComment,
  macText,
};

/** Functions of bytes that are not the kernel's. */
const OF_OUR_OWN_BYTES: Readonly<Record<string, string>> = {
  setSequence: 'writes into a message that we send',
  askForAcknowledgement: 'writes into a message that we send',
  readU16: 'its callers have looked at the length',
  readU32: 'its callers have looked at the length',
  attributePath: 'walks a message that we sent; any offset is tried below',
  elementAt: 'walks a message that we sent; any offset is tried below',
  expressionAt: 'walks a message that we sent; any offset is tried below',
};

test('every function that reads messages, attributes or bytes is here', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'));
  const found = files.flatMap(file => {
    const text = readFileSync(join(SOURCE, file), 'utf8');
    const reading =
      /^export (?:async )?function (\w+)\(\s*(?:\w+|\{[^}]*\}): (?:Message|Attributes|Uint8Array|MatchExpression)\b/gm;
    return [...text.matchAll(reading)].map(([, name]) => name);
  });
  expect(found.length).toBeGreaterThan(30);
  expect(found.filter(name => !/^(encode|append)/.test(name ?? '')).sort()).toEqual(
    [...Object.keys(DECODERS), ...Object.keys(OF_OUR_OWN_BYTES)].sort(),
  );
});

test('each gives a value or a NetlinkError of any bytes', () => {
  fc.assert(
    fc.property(anyBytes, bytes => {
      for (const name of Object.keys(DECODERS)) expectValueOrNetlinkError(name, bytes);
    }),
    RUNS,
  );
});

describe('comes to an end of 64 KiB of', () => {
  const nestedHeaders = Buffer.alloc(1 << 16);
  // Each attribute holds all that follow, as far as 16 bits of length go.
  for (let at = 0; at < nestedHeaders.length; at += 4) {
    nestedHeaders.writeUInt16LE(Math.min(0xfffc, nestedHeaders.length - at), at);
    nestedHeaders.writeUInt16LE(0x8001, at + 2);
  }
  test.each([
    ['empty attributes', Buffer.alloc(1 << 16, Buffer.from('04000100', 'hex'))],
    ['attributes of four bytes', Buffer.alloc(1 << 16, Buffer.from('0800010000000001', 'hex'))],
    ['attributes in attributes', nestedHeaders],
    ['zeros', Buffer.alloc(1 << 16)],
    ['ones', Buffer.alloc(1 << 16, 0xff)],
    ['empty messages', Buffer.alloc(1 << 16, Buffer.from('10000000060a00000000000000000000', 'hex'))],
  ])('%s', (_, bytes) => {
    for (const name of Object.keys(DECODERS)) expectValueOrNetlinkError(name, bytes);
  });
});

test('any offset that the kernel names in a message of ours is an element, an expression or nothing', () => {
  const { bytes, end, messages } = encodeBatch([
    {
      operation: 'add',
      object: {
        kind: 'rule',
        family: 'ip',
        table: 't',
        chain: 'c',
        expressions: [{ kind: 'counter' }, { kind: 'verdict', verdict: { code: 'drop' } }],
      },
    },
    {
      operation: 'add',
      object: { kind: 'elements', family: 'ip', table: 't', set: 's', elements: [{ key: Uint8Array.of(1, 2, 3, 4) }] },
    },
  ]);
  const ends = [...messages.slice(1).map(({ offset }) => offset), end];
  for (const [index, { offset }] of messages.entries()) {
    const message = bytes.subarray(offset, ends[index]);
    for (let at = 0; at < message.length + 8; at++) {
      expect([undefined, 0, 1]).toContain(expressionAt(message, at));
      expect([undefined, 0]).toContain(elementAt(message, at));
    }
  }
});

/** Attributes in attributes with lengths that are right or wrong, names of expressions, and whatever else. */
const anyBytes: fc.Arbitrary<Uint8Array> = fc
  .letrec<{ attributes: Uint8Array }>(tie => ({
    attributes: fc
      .array(
        fc
          .tuple(
            fc.integer({ min: 0, max: 24 }),
            fc.oneof(
              { depthSize: 'small', maxDepth: 4 },
              fc.uint8Array({ maxLength: 20 }),
              fc.constantFrom(1, 2, 4, 8).chain(size => fc.uint8Array({ minLength: size, maxLength: size })),
              fc
                .constantFrom('bitwise', 'byteorder', 'cmp', 'counter', 'exthdr', 'immediate', 'log', 'lookup')
                .map(name => Buffer.from(`${name}\0`)),
              fc
                .constantFrom('match', 'meta', 'objref', 'payload', 'range', 'bpf', 'limit')
                .map(name => Buffer.from(`${name}\0`)),
              tie('attributes'),
            ),
            fc.constantFrom(0, 0, 0, 0, 0, 0, 1, -1, 300),
          )
          .map(([type, payload, lie]) => attribute(type, payload, lie)),
        { maxLength: 6 },
      )
      .map(attributes => Uint8Array.from(Buffer.concat(attributes))),
  }))
  .attributes.chain(attributes => fc.oneof(fc.constant(attributes), fc.uint8Array({ maxLength: 80 })));

function attribute(type: number, payload: Uint8Array, lie: number): Buffer {
  const bytes = Buffer.alloc(4 + payload.length + (-payload.length & 3));
  bytes.writeUInt16LE(Math.max(0, 4 + payload.length + lie), 0);
  bytes.writeUInt16LE(type, 2);
  bytes.set(payload, 4);
  return bytes;
}

/** Behind the fixed header of nf_tables or one of rtnetlink's, in either family, or none; which, the bytes decide. */
function ofMessage(decode: (message: Message) => unknown, type: number): Decode {
  return bytes => {
    const header = HEADERS[bytes.length % HEADERS.length] ?? [];
    const flags = [0, 0x200, 0x300][(bytes[0] ?? 0) % 3] ?? 0;
    return decode({ type, flags, sequence: 1, portId: 1, payload: Buffer.concat([Uint8Array.from(header), bytes]) });
  };
}

function ofAttributes(decode: (attributes: Attributes) => unknown): Decode {
  return bytes => decode(Attributes.of(bytes, 'anything'));
}

function expectValueOrNetlinkError(name: string, bytes: Uint8Array): void {
  const value = orNetlinkError(name, () => DECODERS[name]?.(bytes));
  // The least attribute of four bytes may become an object with a few members.
  if (size(value) > 100 + 4 * bytes.length) throw new Error(`${name} makes ${size(value)} of ${bytes.length} bytes`);
}

function orNetlinkError(name: string, decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (error instanceof NetlinkError && error.code === 'EBADMSG') return undefined;
    throw new Error(`${name} breaks down`, { cause: error });
  }
}

/** Bytes, letters and members all count as one. */
function size(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + size(each), 1);
}
