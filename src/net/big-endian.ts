// Unsigned numbers in network byte order.

export function bigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

export function bigEndianBytes(value: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  // Four bytes at a time: shifting a bigint makes a new one.
  let rest = value;
  for (let end = length; end > 0; end -= 4) {
    let word = Number(BigInt.asUintN(32, rest));
    for (let at = end - 1; at >= Math.max(0, end - 4); at--) {
      bytes[at] = word;
      word >>>= 8;
    }
    if (end > 4) rest >>= 32n;
  }
  return bytes;
}

export function uint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] as number) << 8) | (bytes[offset + 1] as number);
}
