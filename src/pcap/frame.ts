// One captured frame as a capture file holds it, whatever the file's format.

export interface Frame {
  /** 1-based over the whole file, as tshark's frame.number. */
  readonly number: number;
  /** LINKTYPE_ value of the interface it was captured on (https://www.tcpdump.org/linktypes.html). */
  readonly linkType: number;
  /** Bytes that the capture kept; the length of `bytes`. */
  readonly capturedLength: number;
  /** Bytes that the frame had on the wire. */
  readonly originalLength: number;
  /** From the link layer on. The reader of the frame owns them. */
  readonly bytes: Uint8Array;
}
