import { attributePath } from '../../src/netlink/attribute-path';
import { decodeAcknowledgement } from '../../src/netlink/extack';
import { encodeMessage, type Message, NLM_F_ACK, setSequence, splitMessages } from '../../src/netlink/message';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));

test('a message has its length, type, flags with NLM_F_REQUEST, and gets its number later', () => {
  const message = encodeMessage(0x0a10, NLM_F_ACK, writer => writer.u8(1, 7));
  setSequence(message, 0, 0x01020304);
  expect(Buffer.from(message).toString('hex')).toBe(
    '18000000' + '100a' + '0500' + '04030201' + '00000000' + '0500010007000000',
  );
});

test('a datagram holds several messages, each padded to 4 bytes', () => {
  const datagram = bytes('12000000 0300 0200 05000000 09000000 aabb 0000  10000000 0200 0000 06000000 09000000');
  expect(splitMessages(datagram)).toEqual([
    { type: 3, flags: 2, sequence: 5, portId: 9, payload: Uint8Array.of(0xaa, 0xbb) },
    { type: 2, flags: 0, sequence: 6, portId: 9, payload: new Uint8Array() },
  ]);
});

test.each([
  ['shorter than its header', '0f000000 0300 0200 05000000 00000000'],
  ['longer than the datagram', '14000000 0300 0200 05000000 00000000'],
  ['cut in its header', '10000000 0300'],
])('a message %s is refused', (_, hex) => {
  expect(() => splitMessages(bytes(hex))).toThrow(expect.objectContaining({ code: 'EBADMSG' }));
});

describe('acknowledgements', () => {
  const message = (type: number, flags: number, payload: string): Message => ({
    type,
    flags,
    sequence: 1,
    portId: 0,
    payload: bytes(payload),
  });
  /** nlmsghdr of our message, 32 bytes long. */
  const ours = '20000000 060a 0100 01000000 00000000';
  const text = '0a000100 6e6f2075 7365 0000';
  const offset = '08000200 3c000000';

  test.each([
    ['success', message(2, 0x100, `00000000 ${ours}`), { errno: 0 }],
    ['an error of which only the header of ours comes back', message(2, 0x100, `feffffff ${ours}`), { errno: 2 }],
    [
      'text and offset after the header',
      message(2, 0x300, `feffffff ${ours} ${text} ${offset}`),
      { errno: 2, text: 'no use', offset: 60 },
    ],
    [
      'text after the whole of our message',
      message(2, 0x200, `feffffff ${ours} ${'00'.repeat(16)} ${text}`),
      { errno: 2, text: 'no use' },
    ],
    [
      'a missing attribute and its nest',
      message(2, 0x300, `eaffffff ${ours} 08000500 03000000 08000600 14000000`),
      { errno: 22, missingType: 3, missingNest: 20 },
    ],
    ['the end of a dump', message(3, 2, '00000000'), { errno: 0 }],
    ['the end of a dump with an error and text', message(3, 0x202, `f4ffffff ${text}`), { errno: 12, text: 'no use' }],
  ])('say %s', (_, each, expected) => {
    expect(decodeAcknowledgement(each)).toEqual(expected);
  });

  test.each([
    ['without a number', message(2, 0, '0000')],
    ['with a positive number', message(2, 0, `02000000 ${ours}`)],
    ['with attributes but no header', message(2, 0x300, 'feffffff 0000')],
    ['with our header cut', message(2, 0x200, `feffffff ${ours.slice(0, 20)}`)],
  ])('%s are refused', (_, each) => {
    expect(() => decodeAcknowledgement(each)).toThrow(expect.objectContaining({ code: 'EBADMSG' }));
  });
});

describe('the path to the attribute at an offset', () => {
  // nlmsghdr and nfgenmsg 20; name 8 (at 20); a nest (at 28) of two nests (at 32 and 48), each with one attribute.
  const sent = bytes(`30000000 060a 0100 00000000 00000000 02000000
    06000100 74000000  24000480  10000180 0c000180 08000100 00000001  10000180 0c000280 08000100 00000002`);
  test.each([
    [16, []],
    [20, [[1, 0]]],
    [24, [[1, 0]]],
    [28, [[4, 1]]],
    [
      32,
      [
        [4, 1],
        [1, 0],
      ],
    ],
    [
      48,
      [
        [4, 1],
        [1, 1],
      ],
    ],
    [
      52,
      [
        [4, 1],
        [1, 1],
        [2, 0],
      ],
    ],
    [
      56,
      [
        [4, 1],
        [1, 1],
        [2, 0],
        [1, 0],
      ],
    ],
    [64, []],
    [9999, []],
  ])('%i is at %j', (offset, expected) => {
    expect(attributePath(sent, 20, offset).map(({ type, index }) => [type, index])).toEqual(expected);
  });
});
