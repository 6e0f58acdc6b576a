// The options of a TCP header (RFC 9293 section 3.1), of which one is looked for: the Maximum Segment Size. nf_tables' own
// `tcp option` walks on behind the end of the list, so this is not what it finds.

const END_OF_LIST = 0;
const NO_OPERATION = 1;
const MAXIMUM_SEGMENT_SIZE = 2;
const MSS_LENGTH = 4;

/** Offset of the two value bytes in the first such option; `options` is all that lies behind the header's 20 bytes. */
export function findMaximumSegmentSize(options: Uint8Array): number | undefined {
  let at = 0;
  while (at < options.length && options[at] !== END_OF_LIST) {
    const kind = options[at];
    const length = kind === NO_OPERATION ? 1 : options[at + 1];
    if (length === undefined || (kind !== NO_OPERATION && length < 2) || at + length > options.length) return undefined;
    if (kind === MAXIMUM_SEGMENT_SIZE && length === MSS_LENGTH) return at + 2;
    at += length;
  }
  return undefined;
}
