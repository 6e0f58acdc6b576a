import { AttributeWriter } from '../../../src/netlink/attribute-writer';
import {
  commentUserdata,
  decodeTlvs,
  encodeComment,
  encodeTlvs,
  setUserdata,
  setUserdataComment,
  userdataComment,
} from '../../../src/netlink/nftables/userdata';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('a comment is TLV 0 with a NUL', () => {
  expect(hex(commentUserdata('a'))).toBe('00026100');
  expect(userdataComment(commentUserdata('a'))).toBe('a');
  expect(hex(commentUserdata('aé'))).toBe('000461c3a900');
  expect(userdataComment(commentUserdata('aé'))).toBe('aé');
});

test.each([
  ['ascii', 'web', '0a0007000004776562000000'],
  ['empty', '', '07000700000100' + '00'],
  ['in UTF-8', 'aé', '0a000700' + '000461c3a900' + '0000'],
])('a comment as an attribute, %s, is its user data', (_, comment, expected) => {
  const writer = new AttributeWriter();
  encodeComment(writer, 7, comment);
  expect(hex(writer.written())).toBe(expected);
  expect(userdataComment(writer.written().subarray(4, 4 + commentUserdata(comment).length))).toBe(comment);
});

test('an attribute takes no longer comment than user data', () => {
  const writer = new AttributeWriter();
  encodeComment(writer, 7, 'c'.repeat(253));
  expect(writer.length).toBe(260);
  expect(() => encodeComment(writer, 7, 'c'.repeat(254))).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

test('the comment of a set is TLV 7, after the byte orders of key and data', () => {
  const userdata = setUserdata({ keyByteorder: 'network', dataByteorder: 'host', comment: 'l' });
  expect(hex(userdata)).toBe('000402000000' + '010401000000' + '07026c00');
  expect(setUserdataComment(userdata)).toBe('l');
  expect(userdataComment(encodeTlvs([{ type: 7, value: Buffer.from('l\0') }]))).toBeUndefined();
});

test('253 bytes of comment fit, and not one more', () => {
  expect(commentUserdata('c'.repeat(253))).toHaveLength(256);
  expect(userdataComment(commentUserdata('c'.repeat(253)))).toBe('c'.repeat(253));
  expect(() => commentUserdata('c'.repeat(254))).toThrow(
    expect.objectContaining({ code: 'EINVAL', cure: expect.stringContaining('253 bytes') }),
  );
  expect(() => commentUserdata('é'.repeat(127))).toThrow(expect.objectContaining({ code: 'EINVAL' }));
});

test('other TLVs stand beside a comment', () => {
  const userdata = encodeTlvs([
    { type: 1, value: Uint8Array.of(1) },
    { type: 0, value: Buffer.from('x\0') },
  ]);
  expect(userdataComment(userdata)).toBe('x');
  expect(decodeTlvs(userdata)).toHaveLength(2);
});

test.each(['00', '0003 6100', '0002 6100 05'])('user data cut as %s is refused', text => {
  const bytes = Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
  expect(() => decodeTlvs(bytes)).toThrow(expect.objectContaining({ code: 'EBADMSG' }));
});
