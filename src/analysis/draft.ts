// A packet in the making: its bytes, and which bits of them are asked for and must stay.

export interface Draft {
  readonly bytes: Uint8Array;
  /** Set bits are asked for. */
  readonly asked: Uint8Array;
}

/** Where the regions begin. */
export interface Starts {
  /** Where bytes of the network region are no longer the network header's, but of what follows. */
  readonly networkEnd: number;
  readonly transport: number | undefined;
  readonly fragmentHeader: number | undefined;
}

export function draftOf(length: number): Draft {
  return { bytes: new Uint8Array(length), asked: new Uint8Array(length) };
}

/** Fills in bytes that nothing is asked of. Reaching beyond the packet's end is no fault: packets are cut. */
export function fill({ bytes, asked }: Draft, start: number, values: ArrayLike<number>): void {
  for (let index = 0; index < values.length && start + index < bytes.length; index++) {
    const kept = asked[start + index] as number;
    bytes[start + index] = ((bytes[start + index] as number) & kept) | ((values[index] as number) & ~kept);
  }
}

/** False where the opposite is asked for already. A place outside the packet takes anything. */
export function ask({ bytes, asked }: Draft, position: number, bit: number, value: boolean): boolean {
  if (position < 0 || position >= bytes.length) return true;
  const mask = 0x80 >> bit;
  const now = bytes[position] as number;
  if (((asked[position] as number) & mask) !== 0 && ((now & mask) !== 0) !== value) return false;
  asked[position] = (asked[position] as number) | mask;
  bytes[position] = value ? now | mask : now & ~mask;
  return true;
}

export function isFree({ asked }: Draft, start: number, length: number): boolean {
  return asked.subarray(start, start + length).every(bits => bits === 0);
}
