// Appends netlink attributes, and the fixed headers before them, to one growing buffer that is always padded to 4 bytes.
// A whole batch is written into one of these; nothing is made for a single attribute.

import { align, HOST_IS_LITTLE_ENDIAN, NLA_F_NESTED, NLA_HEADER } from './attribute';
import { NetlinkError } from './netlink-error';

export class AttributeWriter {
  #buffer: Buffer;
  #view: DataView;
  #length = 0;

  constructor(capacity = 4096) {
    this.#buffer = Buffer.alloc(capacity);
    this.#view = viewOf(this.#buffer);
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
    this.#view.setUint8(offset, value);
  }

  /** Host byte order, as is setU32. */
  setU16(offset: number, value: number): void {
    this.#view.setUint16(offset, value, HOST_IS_LITTLE_ENDIAN);
  }

  setU16be(offset: number, value: number): void {
    this.#view.setUint16(offset, value);
  }

  setU32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, HOST_IS_LITTLE_ENDIAN);
  }

  u8(type: number, value: number): void {
    const offset = this.append(type, 1);
    this.#view.setUint8(offset, value);
  }

  u16be(type: number, value: number): void {
    const offset = this.append(type, 2);
    this.#view.setUint16(offset, value);
  }

  u32be(type: number, value: number): void {
    const offset = this.append(type, 4);
    this.#view.setUint32(offset, value);
  }

  s32be(type: number, value: number): void {
    const offset = this.append(type, 4);
    this.#view.setInt32(offset, value);
  }

  u64be(type: number, value: bigint): void {
    const offset = this.append(type, 8);
    this.#view.setBigUint64(offset, value);
  }

  /** Host byte order. */
  u32(type: number, value: number): void {
    const offset = this.append(type, 4);
    this.#view.setUint32(offset, value, HOST_IS_LITTLE_ENDIAN);
  }

  /** With the NUL that the kernel's string policies ask for. */
  string(type: number, value: string): void {
    const offset = this.append(type, value.length + 1);
    if (this.setAscii(offset, value)) return;
    this.truncate(offset - NLA_HEADER);
    this.bytes(type, Buffer.from(`${value}\0`));
  }

  /** False, and part of it is written, where it is not ASCII. */
  setAscii(offset: number, value: string): boolean {
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code >= 0x80) return false;
      this.#buffer[offset + at] = code;
    }
    return true;
  }

  bytes(type: number, value: Uint8Array): void {
    const { length } = value;
    const offset = this.append(type, length);
    // Most are a few bytes, which a loop has copied before set() has looked at its arguments.
    if (length > 32) this.#buffer.set(value, offset);
    else for (let at = 0; at < length; at++) this.#buffer[offset + at] = value[at] ?? 0;
  }

  nested(type: number, write: () => void): void {
    const nest = this.open(type);
    write();
    this.close(nest);
  }

  /** Begins a nest: what is appended until close() is in it. */
  open(type: number): number {
    return this.append(type | NLA_F_NESTED, 0) - NLA_HEADER;
  }

  /** Ends the nest that open() returned. */
  close(nest: number): void {
    const length = this.#length - nest;
    if (length > 0xffff) throw tooLong(this.#view.getUint16(nest + 2, HOST_IS_LITTLE_ENDIAN) & ~NLA_F_NESTED, length);
    this.setU16(nest, length);
  }

  /** An attribute of so many zeros; returns where they begin. */
  append(type: number, size: number): number {
    const length = NLA_HEADER + size;
    if (length > 0xffff) throw tooLong(type, length);
    const start = this.reserve(length);
    this.#view.setUint16(start, length, HOST_IS_LITTLE_ENDIAN);
    this.#view.setUint16(start + 2, type, HOST_IS_LITTLE_ENDIAN);
    return start + NLA_HEADER;
  }

  #grow(): void {
    const grown = Buffer.alloc(Math.max(this.#length, this.#buffer.length * 2));
    this.#buffer.copy(grown);
    this.#buffer = grown;
    this.#view = viewOf(grown);
  }
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

function tooLong(type: number, length: number): NetlinkError {
  return new NetlinkError({
    code: 'EMSGSIZE',
    operation: `encode attribute ${type}`,
    text: `${length} bytes do not fit: nla_len has 16 bits`,
    cure: 'split it over several messages',
  });
}
