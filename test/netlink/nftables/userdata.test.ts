import {
  commentUserdata,
  decodeTlvs,
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
