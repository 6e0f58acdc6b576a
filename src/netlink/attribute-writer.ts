// Appends netlink attributes, and the fixed headers before them, to one growing buffer that is always padded to 4 bytes.
// A whole batch is written into one of these.

import { align, HOST_IS_LITTLE_ENDIAN, NLA_F_NESTED, NLA_HEADER } from './attribute';
import { NetlinkError } from './netlink-error';

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

function checkedLength(type: number, length: number): number {
  if (length <= 0xffff) return length;
  throw new NetlinkError({
    code: 'EMSGSIZE',
    operation: `encode attribute ${type}`,
    text: `${length} bytes do not fit: nla_len has 16 bits`,
    cure: 'split it over several messages',
  });
}
