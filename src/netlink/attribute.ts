// Netlink attributes (struct nlattr: u16 length, u16 type, payload, padding to 4 bytes). AttributeWriter appends them to
// one growing buffer, also the fixed headers before them; Attributes reads them strictly: a wrong length is an error,
// and an attribute that nobody took stays there to be reported. Lengths and types are in host byte order, payloads in
// the order that the method's name says (nf_tables: big endian, rtnetlink: host).

import { endianness } from 'node:os';
import { malformed, NetlinkError } from './netlink-error';

export const HOST_IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Only marks the payload as nested attributes (linux/netlink.h). */
export const NLA_F_NESTED = 0x8000;
const NLA_F_NET_BYTEORDER = 0x4000;
const NLA_TYPE_MASK = ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER) & 0xffff;
const NLA_HEADER = 4;

/** Netlink headers, messages and attributes all start at multiples of 4. */
export function align(length: number): number {
  return (length + 3) & ~3;
}

export interface Attribute {
  readonly type: number;
  readonly payload: Uint8Array;
}

export class AttributeWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(capacity = 4096) {
    this.#buffer = Buffer.alloc(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** A view of what was written; valid until the next write. */
  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Appends zeros up to the next multiple of 4 and returns where they begin. */
  reserve(count: number): number {
    const offset = this.#length;
    this.#length = offset + align(count);
    if (this.#length > this.#buffer.length) this.#grow();
    return offset;
  }

  /** Takes back everything from `length` on. */
  truncate(length: number): void {
    this.#buffer.fill(0, length, this.#length);
    this.#length = length;
  }

  setU8(offset: number, value: number): void {
    this.#buffer.writeUInt8(value, offset);
  }

  /** Host byte order, as are setU32 and setS32. */
  setU16(offset: number, value: number): void {
    if (HOST_IS_LITTLE_ENDIAN) this.#buffer.writeUInt16LE(value, offset);
    else this.#buffer.writeUInt16BE(value, offset);
  }

  setU16be(offset: number, value: number): void {
    this.#buffer.writeUInt16BE(value, offset);
  }

  setU32(offset: number, value: number): void {
    if (HOST_IS_LITTLE_ENDIAN) this.#buffer.writeUInt32LE(value, offset);
    else this.#buffer.writeUInt32BE(value, offset);
  }

  u8(type: number, value: number): void {
    const offset = this.#append(type, 1);
    this.#buffer.writeUInt8(value, offset);
  }

  u16be(type: number, value: number): void {
    const offset = this.#append(type, 2);
    this.#buffer.writeUInt16BE(value, offset);
  }

  u32be(type: number, value: number): void {
    const offset = this.#append(type, 4);
    this.#buffer.writeUInt32BE(value, offset);
  }

  s32be(type: number, value: number): void {
    const offset = this.#append(type, 4);
    this.#buffer.writeInt32BE(value, offset);
  }

  u64be(type: number, value: bigint): void {
    const offset = this.#append(type, 8);
    this.#buffer.writeBigUInt64BE(value, offset);
  }

  /** Host byte order. */
  u32(type: number, value: number): void {
    this.setU32(this.#append(type, 4), value);
  }

  /** With the NUL that the kernel's string policies ask for. */
  string(type: number, value: string): void {
    const size = Buffer.byteLength(value);
    const offset = this.#append(type, size + 1);
    this.#buffer.write(value, offset, size);
  }

  bytes(type: number, value: Uint8Array): void {
    const offset = this.#append(type, value.length);
    this.#buffer.set(value, offset);
  }

  nested(type: number, write: () => void): void {
    const start = this.#append(type | NLA_F_NESTED, 0) - NLA_HEADER;
    write();
    this.setU16(start, checkedLength(type, this.#length - start));
  }

  /** Returns where the payload goes. The buffer may be another one afterwards. */
  #append(type: number, size: number): number {
    const start = this.reserve(NLA_HEADER + size);
    this.setU16(start, checkedLength(type, NLA_HEADER + size));
    this.setU16(start + 2, type);
    return start + NLA_HEADER;
  }

  #grow(): void {
    const grown = Buffer.alloc(Math.max(this.#length, this.#buffer.length * 2));
    this.#buffer.copy(grown);
    this.#buffer = grown;
  }
}

/** Attributes by type. Reading one takes it out: what is left at the end is what the reader does not know. */
export class Attributes {
  readonly #payloads = new Map<number, Buffer>();

  /** `place` names the message or nest in errors. */
  constructor(
    bytes: Uint8Array,
    readonly place: string,
  ) {
    for (const { type, payload } of splitAttributes(bytes, place)) this.#payloads.set(type, asBuffer(payload));
  }

  has(type: number): boolean {
    return this.#payloads.has(type);
  }

  u8(type: number): number | undefined {
    return this.#take(type, 1)?.readUInt8();
  }

  u16be(type: number): number | undefined {
    return this.#take(type, 2)?.readUInt16BE();
  }

  u32be(type: number): number | undefined {
    return this.#take(type, 4)?.readUInt32BE();
  }

  s32be(type: number): number | undefined {
    return this.#take(type, 4)?.readInt32BE();
  }

  u64be(type: number): bigint | undefined {
    return this.#take(type, 8)?.readBigUInt64BE();
  }

  /** Host byte order. */
  u32(type: number): number | undefined {
    const payload = this.#take(type, 4);
    return HOST_IS_LITTLE_ENDIAN ? payload?.readUInt32LE() : payload?.readUInt32BE();
  }

  /** Up to the first NUL. */
  string(type: number): string | undefined {
    const payload = this.#take(type);
    if (payload === undefined) return undefined;
    const end = payload.indexOf(0);
    return payload.toString('utf8', 0, end === -1 ? payload.length : end);
  }

  /** A copy: datagrams are large and short-lived, specifications small and long-lived. */
  bytes(type: number): Uint8Array | undefined {
    const payload = this.#take(type);
    return payload === undefined ? undefined : new Uint8Array(payload);
  }

  nested(type: number): Attributes | undefined {
    const payload = this.#take(type);
    return payload === undefined ? undefined : new Attributes(payload, `${this.place}/${type}`);
  }

  /** The members of a nest where order counts and types repeat. */
  list(type: number): readonly Attribute[] | undefined {
    const payload = this.#take(type);
    return payload === undefined ? undefined : splitAttributes(payload, `${this.place}/${type}`);
  }

  /** For a member that the kernel always sends. */
  required<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw malformed(this.place, `${name} is missing`);
    return value;
  }

  /** What nobody took; undefined when that is nothing. */
  rest(): readonly Attribute[] | undefined {
    if (this.#payloads.size === 0) return undefined;
    return Array.from(this.#payloads, ([type, payload]) => ({ type, payload: new Uint8Array(payload) }));
  }

  #take(type: number, size?: number): Buffer | undefined {
    const payload = this.#payloads.get(type);
    if (payload === undefined) return undefined;
    if (size !== undefined && payload.length !== size) {
      throw malformed(this.place, `attribute ${type} has ${payload.length} bytes, not ${size}`);
    }
    this.#payloads.delete(type);
    return payload;
  }
}

/** Payloads are views of `bytes`. */
export function splitAttributes(bytes: Uint8Array, place: string): readonly Attribute[] {
  const buffer = asBuffer(bytes);
  const attributes: Attribute[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    if (buffer.length - offset < NLA_HEADER)
      throw malformed(place, `${buffer.length - offset} bytes after the last attribute`);
    const length = readU16(buffer, offset);
    if (length < NLA_HEADER || length > buffer.length - offset) {
      throw malformed(place, `an attribute of ${length} bytes with ${buffer.length - offset} left`);
    }
    const type = readU16(buffer, offset + 2) & NLA_TYPE_MASK;
    attributes.push({ type, payload: buffer.subarray(offset + NLA_HEADER, offset + length) });
    offset += align(length);
  }
  return attributes;
}

/** Host byte order, as is readU32. */
export function readU16(bytes: Uint8Array, offset: number): number {
  const buffer = asBuffer(bytes);
  return HOST_IS_LITTLE_ENDIAN ? buffer.readUInt16LE(offset) : buffer.readUInt16BE(offset);
}

export function readU32(bytes: Uint8Array, offset: number): number {
  const buffer = asBuffer(bytes);
  return HOST_IS_LITTLE_ENDIAN ? buffer.readUInt32LE(offset) : buffer.readUInt32BE(offset);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checkedLength(type: number, length: number): number {
  if (length <= 0xffff) return length;
  throw new NetlinkError({
    code: 'EMSGSIZE',
    operation: `encode attribute ${type}`,
    text: `${length} bytes do not fit: nla_len has 16 bits`,
    cure: 'split it over several messages',
  });
}
