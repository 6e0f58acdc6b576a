// Netlink attributes (struct nlattr: u16 length, u16 type, payload, padding to 4 bytes), read strictly: a wrong length is
// an error, and an attribute that nobody took stays there to be reported. Lengths and types are in host byte order,
// payloads in the order that the method's name says (nf_tables: big endian, rtnetlink: host).

import { endianness } from 'node:os';
import { malformed } from './netlink-error';

export const HOST_IS_LITTLE_ENDIAN = endianness() === 'LE';

/** Only marks the payload as nested attributes (linux/netlink.h). */
export const NLA_F_NESTED = 0x8000;
const NLA_F_NET_BYTEORDER = 0x4000;
export const NLA_TYPE_MASK = ~(NLA_F_NESTED | NLA_F_NET_BYTEORDER) & 0xffff;
export const NLA_HEADER = 4;

/** Netlink headers, messages and attributes all start at multiples of 4. */
export function align(length: number): number {
  return (length + 3) & ~3;
}

export interface Attribute {
  readonly type: number;
  readonly payload: Uint8Array;
}

/**
 * Attributes by type. Reading one takes it out: what is left at the end is what the reader does not know. They are looked
 * for in the bytes each time: nests are short, and a dump has a hundred thousand of them.
 */
export class Attributes {
  readonly #view: DataView;
  readonly #start: number;
  readonly #end: number;
  readonly #outer: Attributes | string;
  /** Of the nest. */
  readonly #type: number;
  /** A bit for each of the first 31 by their order. */
  #taken = 0;
  /** The others that were taken, by their order. */
  #takenBeyond: Set<number> | undefined;

  /** Those in `bytes`; `place` names the message or nest in errors. */
  static of(bytes: Uint8Array, place: string): Attributes {
    return new Attributes(
      new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      0,
      bytes.byteLength,
      place,
      0,
    );
  }

  private constructor(view: DataView, start: number, end: number, outer: Attributes | string, type: number) {
    this.#view = view;
    this.#start = start;
    this.#end = end;
    this.#outer = outer;
    this.#type = type;
    for (let at = start; at < end; ) at += align(checkedLength(view, at, end, this));
  }

  get place(): string {
    return typeof this.#outer === 'string' ? this.#outer : `${this.#outer.place}/${this.#type}`;
  }

  has(type: number): boolean {
    return this.#find(type) !== NOWHERE;
  }

  u8(type: number): number | undefined {
    const begin = this.#takeSized(type, 1);
    return begin === undefined ? undefined : this.#view.getUint8(begin);
  }

  u16be(type: number): number | undefined {
    const begin = this.#takeSized(type, 2);
    return begin === undefined ? undefined : this.#view.getUint16(begin);
  }

  u32be(type: number): number | undefined {
    const begin = this.#takeSized(type, 4);
    return begin === undefined ? undefined : this.#view.getUint32(begin);
  }

  s32be(type: number): number | undefined {
    const begin = this.#takeSized(type, 4);
    return begin === undefined ? undefined : this.#view.getInt32(begin);
  }

  u64be(type: number): bigint | undefined {
    const begin = this.#takeSized(type, 8);
    return begin === undefined ? undefined : this.#view.getBigUint64(begin);
  }

  /** Host byte order. */
  u32(type: number): number | undefined {
    const begin = this.#takeSized(type, 4);
    return begin === undefined ? undefined : this.#view.getUint32(begin, HOST_IS_LITTLE_ENDIAN);
  }

  /** Up to the first NUL. */
  string(type: number): string | undefined {
    const at = this.#take(type);
    return at === NOWHERE ? undefined : text(this.#view, at + NLA_HEADER, at + this.#lengthAt(at));
  }

  /** A copy: datagrams are large and short-lived, specifications small and long-lived. */
  bytes(type: number): Uint8Array | undefined {
    const at = this.#take(type);
    return at === NOWHERE ? undefined : this.#copy(at + NLA_HEADER, at + this.#lengthAt(at));
  }

  nested(type: number): Attributes | undefined {
    const at = this.#take(type);
    return at === NOWHERE ? undefined : this.#nest(type, at);
  }

  /** The nests in a nest where order counts and types repeat. */
  list(type: number): readonly Attributes[] | undefined {
    const nest = this.nested(type);
    if (nest === undefined) return undefined;
    const members: Attributes[] = [];
    for (let at = nest.#start; at < nest.#end; at += align(nest.#lengthAt(at))) {
      members.push(this.#nest(type, at));
    }
    return members;
  }

  /** For a member that the kernel always sends. */
  required<T>(value: T | undefined, name: string): T {
    if (value === undefined) throw malformed(this.place, `${name} is missing`);
    return value;
  }

  /** What nobody took; undefined when that is nothing. */
  rest(): readonly Attribute[] | undefined {
    let rest: Attribute[] | undefined;
    for (let at = this.#start, order = 0; at < this.#end; at += align(this.#lengthAt(at)), order++) {
      if (this.#isTaken(order)) continue;
      rest ??= [];
      rest.push({ type: this.#typeAt(at), payload: this.#copy(at + NLA_HEADER, at + this.#lengthAt(at)) });
    }
    return rest;
  }

  /** All bytes, also of what was taken. */
  raw(): Uint8Array {
    return this.#copy(this.#start, this.#end);
  }

  /** Where the payload begins. */
  #takeSized(type: number, size: number): number | undefined {
    const at = this.#take(type);
    if (at === NOWHERE) return undefined;
    const length = this.#lengthAt(at) - NLA_HEADER;
    if (length !== size) throw malformed(this.place, `attribute ${type} has ${length} bytes, not ${size}`);
    return at + NLA_HEADER;
  }

  #take(type: number): number {
    return this.#find(type, true);
  }

  /** Of a type that is there twice the last counts, as for the kernel. */
  #find(type: number, take = false): number {
    let found = NOWHERE;
    let foundOrder = 0;
    for (let at = this.#start, order = 0; at < this.#end; at += align(this.#lengthAt(at)), order++) {
      if (this.#typeAt(at) !== type || this.#isTaken(order)) continue;
      found = at;
      foundOrder = order;
    }
    if (take && found !== NOWHERE) this.#setTaken(foundOrder);
    return found;
  }

  #isTaken(order: number): boolean {
    return order < 31 ? ((this.#taken >> order) & 1) === 1 : this.#takenBeyond?.has(order) === true;
  }

  #setTaken(order: number): void {
    if (order < 31) this.#taken |= 1 << order;
    else this.#takenBeyond = (this.#takenBeyond ?? new Set()).add(order);
  }

  #nest(type: number, at: number): Attributes {
    return new Attributes(this.#view, at + NLA_HEADER, at + this.#lengthAt(at), this, type);
  }

  #copy(begin: number, end: number): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    return Uint8Array.prototype.slice.call(new Uint8Array(buffer, byteOffset + begin, end - begin));
  }

  #lengthAt(at: number): number {
    return this.#view.getUint16(at, HOST_IS_LITTLE_ENDIAN);
  }

  #typeAt(at: number): number {
    return this.#view.getUint16(at + 2, HOST_IS_LITTLE_ENDIAN) & NLA_TYPE_MASK;
  }
}

const NOWHERE = -1;

const UTF8 = new TextDecoder();

/** The kernel's names are short ASCII, which a decoder would take ten times as long for. */
export function text(view: DataView, begin: number, end: number): string {
  let ascii = '';
  for (let at = begin; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === 0) return ascii;
    if (byte >= 0x80) return utf8(new Uint8Array(view.buffer, view.byteOffset + begin, end - begin));
    ascii += String.fromCharCode(byte);
  }
  return ascii;
}

function utf8(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return UTF8.decode(end === -1 ? bytes : bytes.subarray(0, end));
}

/** Payloads are views of `bytes`. */
export function splitAttributes(bytes: Uint8Array, place: string): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength; ) {
    const length = checkedLength(view, at, bytes.byteLength, { place });
    const type = view.getUint16(at + 2, HOST_IS_LITTLE_ENDIAN) & NLA_TYPE_MASK;
    attributes.push({ type, payload: bytes.subarray(at + NLA_HEADER, at + length) });
    at += align(length);
  }
  return attributes;
}

/** Of the attribute at `at`, its header included; what it is in ends at `end`. */
export function checkedLength(view: DataView, at: number, end: number, nest: { readonly place: string }): number {
  const left = end - at;
  if (left < NLA_HEADER) throw malformed(nest.place, `${left} bytes after the last attribute`);
  const length = view.getUint16(at, HOST_IS_LITTLE_ENDIAN);
  if (length >= NLA_HEADER && length <= left) return length;
  throw malformed(nest.place, `an attribute of ${length} bytes with ${left} left`);
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
