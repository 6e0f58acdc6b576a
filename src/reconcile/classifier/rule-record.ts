// One element of an instance's `rules` map: whose counter the slot of the same number is. Only user space writes and
// reads it, so that a process that never saw the policy knows the counters by their rules. A record is valid for the
// tables from sequence `since` on and before `until`, so that records can be written before a flip and ended after it,
// and a reader who knows the sequence never sees a rule twice or too early.
//
//   u64 since, until; u64 packets, bytes; u8 digest[16]; char comment[128]     (numbers in the machine's order)

import { HOST_IS_LITTLE_ENDIAN as LITTLE } from '../../netlink/attribute';

const DIGEST = 32;
export const DIGEST_LENGTH = 16;
const COMMENT = DIGEST + DIGEST_LENGTH;
/** As long as nft allows comments to be (NFTNL_UDATA_COMMENT_MAXLEN, the NUL included). */
const COMMENT_LENGTH = 128;
export const RECORD_SIZE = COMMENT + COMMENT_LENGTH;

/** A rule as its counter's reader needs it. */
export interface CountedRule {
  /** As in the user data of nft rules. */
  readonly comment: string;
  /** Of everything that makes the rule match or not; 16 bytes. Rules of one comment and another digest are two. */
  readonly digest: Uint8Array;
}

export interface RuleRecord extends CountedRule {
  /** Counted before the slot was this rule's: by an earlier instance whose counters could not be taken over. */
  readonly packets: bigint;
  readonly bytes: bigint;
}

export interface SlotRecord extends RuleRecord {
  readonly slot: number;
}

/** `records` is the memory of the whole map. */
export function writeRecord(records: Uint8Array, slot: number, record: RuleRecord, since: bigint): void {
  const at = slot * RECORD_SIZE;
  const view = new DataView(records.buffer, records.byteOffset + at, RECORD_SIZE);
  // Not valid while it is being written.
  view.setBigUint64(0, 0n, LITTLE);
  view.setBigUint64(8, 0n, LITTLE);
  writeEarlier(records, slot, record.packets, record.bytes);
  records.set(record.digest, at + DIGEST);
  writeComment(records, slot, record.comment);
  view.setBigUint64(0, since, LITTLE);
}

/** Also of a record in force: what was counted before the slot was the rule's. */
export function writeEarlier(records: Uint8Array, slot: number, packets: bigint, bytes: bigint): void {
  const view = new DataView(records.buffer, records.byteOffset + slot * RECORD_SIZE, RECORD_SIZE);
  view.setBigUint64(16, packets, LITTLE);
  view.setBigUint64(24, bytes, LITTLE);
}

/** Also of a record in force: the same rule has another order key. */
export function writeComment(records: Uint8Array, slot: number, comment: string): void {
  const [from, to] = [slot * RECORD_SIZE + COMMENT, (slot + 1) * RECORD_SIZE];
  const { written } = ENCODER.encodeInto(comment, records.subarray(from, to - 1));
  records.fill(0, from + written, to);
}

/** The record is not valid from this sequence on. */
export function endRecord(records: Uint8Array, slot: number, until: bigint): void {
  new DataView(records.buffer, records.byteOffset + slot * RECORD_SIZE).setBigUint64(8, until, LITTLE);
}

/** The records valid at a sequence, by slot. */
export function readRecords(records: Uint8Array, sequence: bigint): SlotRecord[] {
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const found: SlotRecord[] = [];
  for (let slot = 0; (slot + 1) * RECORD_SIZE <= records.length; slot++) {
    if (isValid(view, slot * RECORD_SIZE, sequence)) found.push(recordAt(records, view, slot));
  }
  return found;
}

/**
 * Neither valid nor about to be, nor so until the last flip: a packet that was being judged at that flip may still count
 * its rule.
 */
export function isFree(records: Uint8Array, slot: number, sequence: bigint): boolean {
  const view = new DataView(records.buffer, records.byteOffset + slot * RECORD_SIZE, 16);
  const since = view.getBigUint64(0, LITTLE);
  const until = view.getBigUint64(8, LITTLE);
  return since === 0n || (until !== 0n && until < sequence);
}

function isValid(view: DataView, at: number, sequence: bigint): boolean {
  const since = view.getBigUint64(at, LITTLE);
  if (since === 0n || since > sequence) return false;
  const until = view.getBigUint64(at + 8, LITTLE);
  return until === 0n || sequence < until;
}

function recordAt(records: Uint8Array, view: DataView, slot: number): SlotRecord {
  const at = slot * RECORD_SIZE;
  const text = Buffer.from(records.buffer, records.byteOffset + at + COMMENT, COMMENT_LENGTH);
  return {
    slot,
    packets: view.getBigUint64(at + 16, LITTLE),
    bytes: view.getBigUint64(at + 24, LITTLE),
    digest: records.slice(at + DIGEST, at + COMMENT),
    comment: text.toString('latin1', 0, text.indexOf(0)),
  };
}

const ENCODER = new TextEncoder();
