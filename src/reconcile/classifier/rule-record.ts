// The elements of an instance's `rules` map: whose counter the slot of the same number is. Only user space writes and
// reads them, so that a process that never saw the policy knows the counters by their rules. A record is valid for the
// tables from sequence `since` on and before `until`, so that records can be written before a flip and ended after it,
// and a reader who knows the sequence never sees a rule twice or too early.
//
//   u64 since, until; u64 packets, bytes; u8 digest[16]; char comment[128], to the first NUL
//
// Numbers are in the machine's order.

import { DIGEST_LENGTH } from '../../ir/rule-digest';
import { HOST_IS_LITTLE_ENDIAN as LITTLE } from '../../netlink/attribute';

const UNTIL = 8;
const PACKETS = 16;
const BYTES = 24;
const DIGEST = 32;
const COMMENT = DIGEST + DIGEST_LENGTH;
/** As long as nft allows comments to be (NFTNL_UDATA_COMMENT_MAXLEN, the NUL included). */
const COMMENT_LENGTH = 128;
export const RECORD_SIZE = COMMENT + COMMENT_LENGTH;

/** A rule as its counter's reader needs it. */
export interface CountedRule {
  /** As in the user data of nft rules. */
  readonly comment: string;
  /** Of all that the rule says; 16 bytes as Latin-1. Its order key is not in it, which only stands in the comment. */
  readonly digest: string;
}

export interface RuleRecord extends CountedRule {
  /**
   * To be added to what the slot has counted, modulo 2^64: what the rule had counted in an earlier instance, less what the
   * slot had counted for others.
   */
  readonly packets: bigint;
  readonly bytes: bigint;
}

export interface SlotRecord extends RuleRecord {
  readonly slot: number;
}

/** The whole map: its memory, or a copy. */
export class RuleRecords {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly capacity: number;

  constructor(memory: ArrayBufferLike, offset = 0, length = memory.byteLength) {
    this.#bytes = Buffer.from(memory, offset, length);
    this.#view = new DataView(memory, offset, length);
    this.capacity = Math.floor(length / RECORD_SIZE);
  }

  write(slot: number, { packets, bytes, digest, comment }: RuleRecord, since: number): void {
    const at = slot * RECORD_SIZE;
    // Not valid while it is being written.
    this.#setU64(at, 0);
    this.#setU64(at + UNTIL, 0);
    this.writeEarlier(slot, packets, bytes);
    this.#bytes.write(digest, at + DIGEST, 'latin1');
    this.writeComment(slot, comment);
    this.#setU64(at, since);
  }

  /** Also of a record in force. */
  writeEarlier(slot: number, packets: bigint, bytes: bigint): void {
    this.#view.setBigUint64(slot * RECORD_SIZE + PACKETS, packets, LITTLE);
    this.#view.setBigUint64(slot * RECORD_SIZE + BYTES, bytes, LITTLE);
  }

  /** Also of a record in force: the same rule has another order key. */
  writeComment(slot: number, comment: string): void {
    const at = slot * RECORD_SIZE + COMMENT;
    const written = this.#bytes.write(comment, at, COMMENT_LENGTH - 1, 'latin1');
    this.#bytes[at + written] = 0;
  }

  /** It is not valid from this sequence on; 0: it has no end after all. */
  end(slot: number, until: number): void {
    this.#setU64(slot * RECORD_SIZE + UNTIL, until);
  }

  /** Those valid at a sequence, by slot. */
  valid(sequence: number): SlotRecord[] {
    const found: SlotRecord[] = [];
    for (let slot = 0; slot < this.capacity; slot++) {
      const [since, until] = this.#validity(slot);
      if (since !== 0 && since <= sequence && (until === 0 || sequence < until)) found.push(this.#at(slot));
    }
    return found;
  }

  /**
   * Neither valid nor about to be, nor so until the last flip: a packet that was being judged at that flip may still
   * count its rule.
   */
  isFree(slot: number, sequence: number): boolean {
    const [since, until] = this.#validity(slot);
    return since === 0 || (until !== 0 && until < sequence);
  }

  #validity(slot: number): readonly [since: number, until: number] {
    return [this.#getU64(slot * RECORD_SIZE), this.#getU64(slot * RECORD_SIZE + UNTIL)];
  }

  #at(slot: number): SlotRecord {
    const at = slot * RECORD_SIZE;
    return {
      slot,
      packets: this.#view.getBigUint64(at + PACKETS, LITTLE),
      bytes: this.#view.getBigUint64(at + BYTES, LITTLE),
      digest: this.#bytes.toString('latin1', at + DIGEST, at + COMMENT),
      comment: this.#bytes.toString('latin1', at + COMMENT, this.#bytes.indexOf(0, at + COMMENT)),
    };
  }

  /** Sequences stay far below 2^53. */
  #getU64(at: number): number {
    const [low, high] = LITTLE ? [at, at + 4] : [at + 4, at];
    return this.#view.getUint32(high, LITTLE) * 2 ** 32 + this.#view.getUint32(low, LITTLE);
  }

  #setU64(at: number, value: number): void {
    const [low, high] = LITTLE ? [at, at + 4] : [at + 4, at];
    this.#view.setUint32(high, Math.floor(value / 2 ** 32), LITTLE);
    this.#view.setUint32(low, value % 2 ** 32, LITTLE);
  }
}
