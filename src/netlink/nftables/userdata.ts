// User data: what nft keeps for itself in tables, chains, rules, sets, elements and objects, as TLVs of u8 type, u8
// length and value. Rules of other programs with comments in this form show them in `nft list ruleset`. At most 256
// bytes (NFT_USERDATA_MAXLEN), of which a comment may take 253; older nft reads at most 127 of them.

import { HOST_IS_LITTLE_ENDIAN } from '../attribute';
import type { AttributeWriter } from '../attribute-writer';
import { malformed, NetlinkError } from '../netlink-error';

const NFT_USERDATA_MAXLEN = 256;

/** Comments of tables, chains, rules, elements and objects; those of sets have another number. */
const UDATA_COMMENT = 0;
/** Ours. nft passes over what it does not know, and has no numbers beyond 8. */
const UDATA_TAG = 0x72;
const UDATA_SET_KEYBYTEORDER = 0;
const UDATA_SET_DATABYTEORDER = 1;
const UDATA_SET_COMMENT = 7;

export interface Tlv {
  readonly type: number;
  readonly value: Uint8Array;
}

/** How nft prints a set's keys and data; the kernel does not read it. */
export type Byteorder = 'host' | 'network';

export interface SetUserdata {
  readonly keyByteorder?: Byteorder;
  readonly dataByteorder?: Byteorder;
  readonly comment?: string;
}

/** `comment "text"` of anything but a set. */
export function commentUserdata(comment: string): Uint8Array {
  return encodeTlvs([{ type: UDATA_COMMENT, value: nulTerminated(comment) }]);
}

/**
 * The same as an attribute, straight into its place: a policy has as many comments as rules. Behind it `tag`, bytes as
 * Latin-1 that only we read.
 */
export function encodeComment(writer: AttributeWriter, type: number, comment: string, tag?: string): void {
  const { length } = comment;
  const before = writer.length;
  const total = length + 3 + (tag === undefined ? 0 : tag.length + 2);
  if (total <= NFT_USERDATA_MAXLEN) {
    const offset = writer.append(type, total);
    writer.setU8(offset, UDATA_COMMENT);
    writer.setU8(offset + 1, length + 1);
    if (writer.setAscii(offset + 2, comment)) {
      if (tag !== undefined) setTag(writer, offset + length + 3, tag);
      return;
    }
    writer.truncate(before);
  }
  const tagged = tag === undefined ? [] : [{ type: UDATA_TAG, value: Buffer.from(tag, 'latin1') }];
  writer.bytes(type, encodeTlvs([{ type: UDATA_COMMENT, value: nulTerminated(comment) }, ...tagged]));
}

function setTag(writer: AttributeWriter, offset: number, tag: string): void {
  writer.setU8(offset, UDATA_TAG);
  writer.setU8(offset + 1, tag.length);
  for (let at = 0; at < tag.length; at++) writer.setU8(offset + 2 + at, tag.charCodeAt(at));
}

/** As encodeComment has written it; undefined when there is none. */
export function userdataTag(userdata: Uint8Array): string | undefined {
  for (let at = 0; at < userdata.length; ) {
    const end = endOf(userdata, at);
    if (userdata[at] === UDATA_TAG) return Buffer.from(userdata.subarray(at + 2, end)).toString('latin1');
    at = end;
  }
  return undefined;
}

/** The comment of anything but a set; undefined when there is none. */
export function userdataComment(userdata: Uint8Array): string | undefined {
  return comment(userdata, UDATA_COMMENT);
}

export function setUserdata({ keyByteorder, dataByteorder, comment }: SetUserdata): Uint8Array {
  const tlvs: Tlv[] = [];
  if (keyByteorder !== undefined) tlvs.push({ type: UDATA_SET_KEYBYTEORDER, value: byteorder(keyByteorder) });
  if (dataByteorder !== undefined) tlvs.push({ type: UDATA_SET_DATABYTEORDER, value: byteorder(dataByteorder) });
  if (comment !== undefined) tlvs.push({ type: UDATA_SET_COMMENT, value: nulTerminated(comment) });
  return encodeTlvs(tlvs);
}

export function setUserdataComment(userdata: Uint8Array): string | undefined {
  return comment(userdata, UDATA_SET_COMMENT);
}

export function encodeTlvs(tlvs: readonly Tlv[]): Uint8Array {
  const total = tlvs.reduce((sum, { value }) => sum + 2 + value.length, 0);
  if (total > NFT_USERDATA_MAXLEN || tlvs.some(({ value }) => value.length > 255)) {
    throw new NetlinkError({
      code: 'EINVAL',
      operation: 'encode user data',
      text: `${total} bytes, where the kernel keeps ${NFT_USERDATA_MAXLEN}`,
      cure: 'shorten the comment to 253 bytes of UTF-8',
    });
  }
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const { type, value } of tlvs) {
    bytes.set([type, value.length], offset);
    bytes.set(value, offset + 2);
    offset += 2 + value.length;
  }
  return bytes;
}

export function decodeTlvs(userdata: Uint8Array): readonly Tlv[] {
  const tlvs: Tlv[] = [];
  for (let at = 0; at < userdata.length; ) {
    const end = endOf(userdata, at);
    tlvs.push({ type: userdata[at] ?? 0, value: userdata.subarray(at + 2, end) });
    at = end;
  }
  return tlvs;
}

function comment(userdata: Uint8Array, type: number): string | undefined {
  for (let at = 0; at < userdata.length; ) {
    const end = endOf(userdata, at);
    if (userdata[at] === type) return text(userdata, at + 2, end);
    at = end;
  }
  return undefined;
}

/** Up to the first NUL. Nearly all comments are ASCII, which needs no decoder. */
function text(userdata: Uint8Array, start: number, end: number): string {
  let at = start;
  while (at < end && userdata[at] !== 0) if ((userdata[at++] ?? 0) >= 0x80) return utf8(userdata.subarray(start, end));
  return Buffer.from(userdata.buffer, userdata.byteOffset + start, at - start).toString('latin1');
}

function utf8(bytes: Uint8Array): string {
  const nul = bytes.indexOf(0);
  return Buffer.from(nul < 0 ? bytes : bytes.subarray(0, nul)).toString('utf8');
}

/** Of the TLV at `at`. */
function endOf(userdata: Uint8Array, at: number): number {
  const end = at + 2 + (userdata[at + 1] ?? 256);
  if (end <= userdata.length) return end;
  throw malformed('user data', `a TLV ends past its ${userdata.length} bytes`);
}

function nulTerminated(text: string): Uint8Array {
  return Buffer.from(`${text}\0`, 'utf8');
}

/** nft's enum byteorder (1 host, 2 network) as u32 in host byte order. */
function byteorder(order: Byteorder): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, order === 'host' ? 1 : 2, HOST_IS_LITTLE_ENDIAN);
  return bytes;
}
