// A transaction as bytes: BATCH_BEGIN, one message or more per operation, BATCH_END. Building it is pure. The kernel
// applies all of it or nothing, and answers every failed message by its sequence number.

import { AttributeWriter } from '../attribute-writer';
import { closeMessage, openMessage } from '../message';
import { appendOperation, type BatchMessage, type BatchOperation } from './batch-operation';
import { FAMILIES, NFGENMSG, NFNL_SUBSYS_NFTABLES } from './nfgenmsg';

const NFNL_MSG_BATCH_BEGIN = 16;
const NFNL_MSG_BATCH_END = 17;
const NFNL_BATCH_GENID = 1;

/** Its messages have no sequence numbers yet, and none asks for an acknowledgement: the connection sees to both. */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly operations: readonly BatchOperation[];
  /** In the order of the bytes; BATCH_BEGIN comes before the first, BATCH_END after the last. */
  readonly messages: readonly BatchMessage[];
  /** Where BATCH_END begins: the kernel only validates what is sent without it, as `nft --check` does. */
  readonly end: number;
  /** Whether it is done in microseconds: a few elements, and chains, which the kernel need not search for or wait for. */
  readonly short: boolean;
  /** Objects of which the kernel is to tell what has become. */
  readonly echoes: number;
}

/** Some thirty elements. */
const SHORT_BYTES = 4096;

/** `generation`: the kernel refuses the batch with ERESTART unless this is still the ruleset's generation. */
export function encodeBatch(operations: readonly BatchOperation[], generation?: number): Batch {
  const writer = new AttributeWriter(operations.reduce((sum, { object }) => sum + usualSize(object), 256));
  appendBatchEdge(writer, NFNL_MSG_BATCH_BEGIN, generation);
  const messages: BatchMessage[] = [];
  for (const [index, operation] of operations.entries()) appendOperation(writer, operation, index, messages);
  const end = writer.length;
  appendBatchEdge(writer, NFNL_MSG_BATCH_END, undefined);
  const bytes = writer.written();
  const short = bytes.length <= SHORT_BYTES && operations.every(isShort);
  const echoes = operations.reduce((sum, { echo = 0 }) => sum + echo, 0);
  return { bytes, operations, messages, end, short, echoes };
}

/** Bytes of most: a buffer that need not grow is touched once. */
function usualSize(object: BatchOperation['object']): number {
  if (object.kind === 'elements') return 128 * (1 + object.elements.length);
  return object.kind === 'rule' ? 512 : 128;
}

/** Not rules: the kernel goes through their whole chain, and where they call programs it waits for a grace period. */
function isShort({ operation, object: { kind } }: BatchOperation): boolean {
  return operation !== 'flush' && (kind === 'elements' || kind === 'chain');
}

/** The header is a nfgenmsg whose resource id is the subsystem. */
function appendBatchEdge(writer: AttributeWriter, type: number, generation: number | undefined): void {
  const start = openMessage(writer, type, 0);
  const header = writer.reserve(NFGENMSG);
  writer.setU8(header, FAMILIES.code('unspec'));
  writer.setU16be(header + 2, NFNL_SUBSYS_NFTABLES);
  if (generation !== undefined) writer.u32be(NFNL_BATCH_GENID, generation);
  closeMessage(writer, start);
}
