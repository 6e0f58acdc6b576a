import { Attributes, splitAttributes } from '../../src/netlink/attribute';
import { AttributeWriter } from '../../src/netlink/attribute-writer';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

function written(write: (writer: AttributeWriter) => void): string {
  const writer = new AttributeWriter();
  write(writer);
  return Buffer.from(writer.written()).toString('hex');
}

test.each<readonly [string, (writer: AttributeWriter) => void, string]>([
  ['u8, padded to 4 bytes', w => w.u8(1, 0xab), '0500 0100 ab000000'],
  ['u16 in network order', w => w.u16be(2, 0x1234), '0600 0200 12340000'],
  ['u32 in network order', w => w.u32be(3, 0xfffefdfc), '0800 0300 fffefdfc'],
  ['s32 in network order', w => w.s32be(3, -300), '0800 0300 fffffed4'],
  ['u64 in network order', w => w.u64be(4, 0x0102030405060708n), '0c00 0400 0102030405060708'],
  ['u32 in host order', w => w.u32(5, 0x01020304), '0800 0500 04030201'],
  ['a string with its NUL', w => w.string(6, 'abc'), '0800 0600 61626300'],
  ['a string of UTF-8', w => w.string(6, 'é'), '0700 0600 c3a90000'],
  ['a string that ends in UTF-8', w => w.string(6, 'abcé'), '0a00 0600 616263c3a9000000'],
  ['no bytes', w => w.bytes(7, new Uint8Array()), '0400 0700'],
  ['five bytes', w => w.bytes(7, Uint8Array.of(1, 2, 3, 4, 5)), '0900 0700 0102030405000000'],
  ['an empty nest', w => w.nested(8, () => undefined), '0400 0880'],
  ['nests in a nest', w => w.nested(8, () => w.nested(9, () => w.u8(1, 1))), '1000 0880 0c00 0980 0500 0100 01000000'],
  [
    'what is left after taking back',
    w => {
      w.u8(1, 1);
      const { length } = w;
      w.u32be(2, 0xffffffff);
      w.truncate(length);
      w.bytes(3, new Uint8Array());
    },
    '0500 0100 01000000 0400 0300',
  ],
])('writes %s', (_, write, expected) => {
  expect(written(write)).toBe(expected.replaceAll(' ', ''));
});

test('every kind of attribute survives the growing of the buffer', () => {
  for (let before = 0; before < 40; before += 4) {
    const writer = new AttributeWriter(40);
    writer.reserve(before);
    writer.u64be(1, 1n);
    writer.string(2, 'name');
    writer.nested(3, () => writer.u32be(4, 4));
    writer.bytes(5, Uint8Array.of(5));
    expect(Buffer.from(writer.written().subarray(before)).toString('hex')).toBe(
      '0c0001000000000000000001' + '090002006e616d6500000000' + '0c0003800800040000000004' + '0500050005000000',
    );
  }
});

test('65,535 bytes with the header is the longest attribute', () => {
  expect(written(w => w.bytes(1, new Uint8Array(0xffff - 4))).slice(0, 8)).toBe('ffff0100');
  expect(() => written(w => w.bytes(1, new Uint8Array(0xffff - 3)))).toThrow(
    expect.objectContaining({ code: 'EMSGSIZE' }),
  );
  const twoHalves = (w: AttributeWriter) => {
    w.bytes(1, new Uint8Array(0x8000));
    w.bytes(2, new Uint8Array(0x8000));
  };
  expect(() => written(w => w.nested(3, () => twoHalves(w)))).toThrow(expect.objectContaining({ code: 'EMSGSIZE' }));
});

describe('reads', () => {
  const attributes = () =>
    Attributes.of(
      bytes(
        '05000100ab000000 06000200 12340000 08000300fffffed4 0c0004000102030405060708 08000500 04030201 08000600 61626300 09000a80 0500010001 000000',
      ),
      'test',
    );

  test('each width', () => {
    const read = attributes();
    expect([read.u8(1), read.u16be(2), read.s32be(3), read.u64be(4), read.u32(5), read.string(6)]).toEqual([
      0xab,
      0x1234,
      -300,
      0x0102030405060708n,
      0x01020304,
      'abc',
    ]);
    expect(read.nested(10)?.u8(1)).toBe(1);
    expect(read.rest()).toBeUndefined();
  });

  test('undefined where there is nothing', () => {
    expect(attributes().u32be(99)).toBeUndefined();
    expect(attributes().has(99)).toBe(false);
  });

  test('what nobody took is the rest', () => {
    const read = attributes();
    for (const type of [2, 3, 4, 5, 6, 10]) read.bytes(type);
    expect(read.rest()).toEqual([{ type: 1, payload: Uint8Array.of(0xab) }]);
  });

  test.each<readonly [string, (read: Attributes) => unknown]>([
    ['u8 of two bytes', read => read.u8(2)],
    ['u16 of one byte', read => read.u16be(1)],
    ['u32 of eight bytes', read => read.u32be(4)],
    ['u64 of four bytes', read => read.u64be(3)],
    ['a missing required one', read => read.required(read.u8(99), 'NAME')],
  ])('not %s', (_, read) => {
    expect(() => read(attributes())).toThrow(expect.objectContaining({ name: 'NetlinkError', code: 'EBADMSG' }));
  });
});

test.each([
  ['a length below the header', '0300 0100'],
  ['a length of zero', '0000 0100 00000000'],
  ['a length past the end', '0900 0100 00000000'],
  ['half a header', '0500 0100 01000000 0500'],
])('refuses %s', (_, hex) => {
  expect(() => splitAttributes(bytes(hex), 'test')).toThrow(
    expect.objectContaining({ code: 'EBADMSG', operation: 'decode test' }),
  );
});

test('the last attribute need not be padded', () => {
  expect(splitAttributes(bytes('0500 0100 07'), 'test')).toEqual([{ type: 1, payload: Buffer.of(7) }]);
});

test('the flags of a type are no part of it', () => {
  expect(splitAttributes(bytes('0400 01c0'), 'test')).toEqual([{ type: 1, payload: Buffer.alloc(0) }]);
});
