// The maps that a classifier's program has, by the names in its text, and the layout of their values. All numbers in them
// are in the machine's byte order.

import type { Shape } from './shape';

export interface ClassifierMap {
  readonly name: 'tables' | 'control' | 'counters' | 'memo';
  readonly type: 'array' | 'percpuArray';
  readonly keySize: 4;
  readonly valueSize: number;
  readonly maxEntries: number;
  /** BPF_F_MMAPABLE */
  readonly mmapable: boolean;
}

/** u64 sequence: which slot is in use is its last bit. */
export const CONTROL_BYTES = 8;
/** u64 packets, u64 bytes (from the network header, as nft counts). */
export const COUNTER_BYTES = 16;
/** In words of 64 bits: 1 where the packet is dropped, else 0; then a bit for each logging rule that it met. */
export const MEMO_DROP = 0;
export const MEMO_LOGGED = 1;

export function classifierMaps(shape: Shape): readonly ClassifierMap[] {
  const { slotBytes, counters, loggingWords } = shape;
  return [
    { name: 'tables', type: 'array', keySize: 4, valueSize: slotBytes, maxEntries: 2, mmapable: true },
    { name: 'control', type: 'array', keySize: 4, valueSize: CONTROL_BYTES, maxEntries: 1, mmapable: false },
    {
      name: 'counters',
      type: 'percpuArray',
      keySize: 4,
      valueSize: COUNTER_BYTES,
      maxEntries: counters,
      mmapable: false,
    },
    ...(loggingWords === 0 ? [] : [memo(loggingWords)]),
  ];
}

function memo(loggingWords: number): ClassifierMap {
  const valueSize = 8 * (MEMO_LOGGED + loggingWords);
  return { name: 'memo', type: 'percpuArray', keySize: 4, valueSize, maxEntries: 1, mmapable: false };
}
