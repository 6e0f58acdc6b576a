// Attributes one after the other and nest by nest, without an object for any: for dumps of which little is wanted and much
// comes. As strict about lengths as Attributes; what the reader passes over is not looked into.

import { align, checkedLength, HOST_IS_LITTLE_ENDIAN, NLA_HEADER, NLA_TYPE_MASK, text } from './attribute';
import { malformed } from './netlink-error';

export class AttributeCursor {
  /** Of the attribute that the cursor stands on. */
  type = 0;
  readonly #view: DataView;
  #begin = 0;
  #payloadEnd = 0;
  /** Where the next attribute begins, and where the nest ends. */
  #next: number;
  #end: number;
  /** `next` and `end` of the nests around. */
  readonly #around: number[] = [];

  /** `place` names the message in errors. */
  constructor(
    bytes: Uint8Array,
    readonly place: string,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#next = 0;
    this.#end = bytes.byteLength;
  }

  /** Goes on to the next attribute of the nest; false where there is none. */
  next(): boolean {
    if (this.#next >= this.#end) return false;
    const length = checkedLength(this.#view, this.#next, this.#end, this);
    this.type = this.#view.getUint16(this.#next + 2, HOST_IS_LITTLE_ENDIAN) & NLA_TYPE_MASK;
    this.#begin = this.#next + NLA_HEADER;
    this.#payloadEnd = this.#next + length;
    this.#next += align(length);
    return true;
  }

  /** Goes into the nest that it stands on; leave() comes back behind it. */
  enter(): void {
    this.#around.push(this.#next, this.#end);
    this.#next = this.#begin;
    this.#end = this.#payloadEnd;
  }

  leave(): void {
    this.#end = this.#around.pop() ?? 0;
    this.#next = this.#around.pop() ?? 0;
  }

  /** Up to the first NUL. */
  string(): string {
    return text(this.#view, this.#begin, this.#payloadEnd);
  }

  /** A view: valid as long as the message is. */
  bytes(): Uint8Array {
    const { buffer, byteOffset } = this.#view;
    return new Uint8Array(buffer, byteOffset + this.#begin, this.#payloadEnd - this.#begin);
  }

  u64be(): bigint {
    const length = this.#payloadEnd - this.#begin;
    if (length !== 8) throw malformed(this.place, `attribute ${this.type} has ${length} bytes, not 8`);
    // Most counters are 0, which needs no new number.
    const zero = this.#view.getInt32(this.#begin) === 0 && this.#view.getInt32(this.#begin + 4) === 0;
    return zero ? 0n : this.#view.getBigUint64(this.#begin);
  }
}
