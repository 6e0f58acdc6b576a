// Names of network interfaces as the kernel keeps them: 1 to 15 bytes, padded with NUL to IFNAMSIZ (linux/if.h).

import { bigEndian } from './big-endian';

export const IFNAMSIZ = 16;

/** The padded name read as one number of 128 bits: their order is that of the names. */
export function paddedName(name: Uint8Array): bigint {
  return bigEndian(name) << BigInt((IFNAMSIZ - name.length) * 8);
}
