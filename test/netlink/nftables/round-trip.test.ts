// What is written is read again as it was; what is damaged is an error that says so, or another specification, but never
// a crash of another kind or an endless loop.

import fc from 'fast-check';
import { AttributeWriter } from '../../../src/netlink/attribute-writer';
import { decodeAcknowledgement } from '../../../src/netlink/extack';
import { type Message, splitMessages } from '../../../src/netlink/message';
import { NetlinkError } from '../../../src/netlink/netlink-error';
import { encodeBatch } from '../../../src/netlink/nftables/batch';
import type { BatchOperation } from '../../../src/netlink/nftables/batch-operation';
import { decodeChain } from '../../../src/netlink/nftables/chain';
import { decodeElements } from '../../../src/netlink/nftables/element';
import { decodeGeneration } from '../../../src/netlink/nftables/generation';
import { decodeCounterObject } from '../../../src/netlink/nftables/object';
import { decodeRule } from '../../../src/netlink/nftables/rule';
import { decodeSet } from '../../../src/netlink/nftables/set';
import { decodeTable } from '../../../src/netlink/nftables/table';
import { decodeTlvs, encodeTlvs } from '../../../src/netlink/nftables/userdata';
import { chain, counterObject, elements, rule, set, table } from './specification';

/** The attributes with numbers that only the kernel gives, appended to a message as it would. */
type KernelMembers = (writer: AttributeWriter) => void;

const HANDLE = { handle: 7n, use: 3 };
const kernelMembers =
  (handle: number, use: number): KernelMembers =>
  writer => {
    writer.u64be(handle, 7n);
    writer.u32be(use, 3);
  };

/** One message of a batch with one operation, with more attributes at its end. */
function listed(operation: BatchOperation, more: KernelMembers = () => undefined): Message {
  const { bytes, end, messages } = encodeBatch([operation]);
  const [message] = splitMessages(bytes.subarray(messages[0]?.offset, end));
  if (message === undefined) throw new Error('the batch is empty');
  const writer = new AttributeWriter();
  more(writer);
  return { ...message, payload: Buffer.concat([message.payload, writer.written()]) };
}

const RUNS = runs(200);

/** So many, or as many as `make fuzz` asks for. */
function runs(few: number): { numRuns: number } {
  return { numRuns: fc.readConfigureGlobal()?.numRuns ?? few };
}

describe('decode(encode(specification)) is the specification', () => {
  test('tables', () =>
    fc.assert(
      fc.property(table, object => {
        expect(decodeTable(listed({ operation: 'add', object }, kernelMembers(4, 3)))).toEqual({
          ...object,
          ...HANDLE,
        });
      }),
      RUNS,
    ));

  test('chains', () =>
    fc.assert(
      fc.property(chain, object => {
        expect(decodeChain(listed({ operation: 'add', object }, kernelMembers(2, 6)))).toEqual({
          ...object,
          ...HANDLE,
          flags: [],
        });
      }),
      RUNS,
    ));

  test('rules with every kind of expression', () =>
    fc.assert(
      fc.property(rule, object => {
        expect(decodeRule(listed({ operation: 'replace', object }))).toEqual(object);
      }),
      RUNS,
    ));

  test('sets', () =>
    fc.assert(
      fc.property(set, object => {
        const handle: KernelMembers = writer => writer.u64be(16, 7n);
        expect(decodeSet(listed({ operation: 'add', object }, handle))).toEqual({ ...object, handle: 7n });
      }),
      RUNS,
    ));

  test('elements', () =>
    fc.assert(
      fc.property(elements, object => {
        expect(decodeElements(listed({ operation: 'add', object }))).toEqual(object);
      }),
      RUNS,
    ));

  test('named counters', () =>
    fc.assert(
      fc.property(counterObject, object => {
        expect(decodeCounterObject(listed({ operation: 'add', object }, kernelMembers(6, 5)))).toEqual({
          ...object,
          ...HANDLE,
        });
      }),
      RUNS,
    ));

  test('user data', () =>
    fc.assert(
      fc.property(
        fc.array(fc.record({ type: fc.nat(255), value: fc.uint8Array({ maxLength: 60 }) }), { maxLength: 4 }),
        tlvs => {
          expect(decodeTlvs(encodeTlvs(tlvs))).toEqual(tlvs);
        },
      ),
      RUNS,
    ));
});

describe('damaged bytes give a NetlinkError or another value', () => {
  const specifications: readonly (readonly [string, fc.Arbitrary<BatchOperation>, (message: Message) => unknown])[] = [
    ['a table', table.map(object => ({ operation: 'add', object })), decodeTable],
    ['a chain', chain.map(object => ({ operation: 'add', object })), decodeChain],
    ['a rule', rule.map(object => ({ operation: 'add', object })), decodeRule],
    ['a set', set.map(object => ({ operation: 'add', object })), decodeSet],
    ['elements', elements.map(object => ({ operation: 'add', object })), decodeElements],
    ['a named counter', counterObject.map(object => ({ operation: 'add', object })), decodeCounterObject],
  ];

  const damage = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });

  test.each(specifications)('%s, truncated and changed', (_, operation, decode) => {
    fc.assert(
      fc.property(operation, fc.nat(), fc.array(damage, { maxLength: 8 }), (each, length, damages) => {
        const message = listed(each);
        const payload = Uint8Array.from(message.payload.subarray(0, length % (message.payload.length + 1)));
        for (const { at, to } of damages) if (payload.length > 0) payload[at % payload.length] = to;
        expectNetlinkErrorOrValue(() => decode({ ...message, payload }));
      }),
      runs(500),
    );
  });

  test('a datagram of anything', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), datagram =>
        expectNetlinkErrorOrValue(() => {
          for (const message of splitMessages(datagram)) {
            decodeAcknowledgement(message);
            decodeRule({ ...message, type: 0xa06 });
            decodeGeneration({ ...message, type: 0xa0f });
          }
        }),
      ),
      runs(2000),
    ));

  test('user data of anything', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => expectNetlinkErrorOrValue(() => decodeTlvs(bytes))),
      runs(1000),
    ));

  test.each([
    ['acknowledgements', decodeAcknowledgement],
    ['rules', decodeRule],
  ])('%s with any payload', (_, decode) => {
    const message = fc.record({
      type: fc.constantFrom(2, 3, 0xa06),
      flags: fc.nat(0xffff),
      sequence: fc.nat(),
      portId: fc.nat(),
      payload: fc.uint8Array({ maxLength: 80 }),
    });
    fc.assert(
      fc.property(message, each => expectNetlinkErrorOrValue(() => decode(each))),
      runs(2000),
    );
  });
});

function expectNetlinkErrorOrValue(decode: () => unknown): void {
  try {
    decode();
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    expect(error.code).toBe('EBADMSG');
  }
}
