// BPF maps: making and opening them, and reading or filling them whole in batches.

import { type BpfMap, type BpfMapBlueprint, isNativeError, type MapBatch, native } from '../native';
import { withCure, withCureAsync } from './bpf-error';

/** enum bpf_map_type of include/uapi/linux/bpf.h, those that a socket filter can look into. */
export const MAP_TYPE = {
  hash: 1,
  array: 2,
  percpuHash: 5,
  percpuArray: 6,
  lruHash: 9,
  lruPercpuHash: 10,
  lpmTrie: 11,
  arrayOfMaps: 12,
  hashOfMaps: 13,
  ringbuf: 27,
} as const;

/** Flags of map creation; an LPM trie needs noPrealloc, mmap() needs mmapable. */
export const MAP_FLAG = { noPrealloc: 1, mmapable: 1 << 10 } as const;

/** Flags of update(). */
export const UPDATE = { any: 0, noExist: 1, exist: 2 } as const;

export interface MapElements {
  /** Keys and values end to end, `count` of each. */
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  readonly count: number;
}

/** Elements per system call: an LPM trie takes about 12 ms for so many, and other work gets its turn between. */
const BATCH = 10_000;

export function createMap(blueprint: BpfMapBlueprint): BpfMap {
  return withCure(
    `create the map ${blueprint.name}`,
    ({ code }) => {
      if (code === 'EINVAL') return 'the kernel does not take this type with these sizes and flags';
      if (code === 'E2BIG' || code === 'ENOMEM') return `${blueprint.maxEntries} entries are too many for this machine`;
      return undefined;
    },
    () => native.createMap(blueprint),
  );
}

export function openPinnedMap(path: string): BpfMap {
  return withCure(
    `open the map pinned at ${path}`,
    ({ code }) => {
      if (code === 'ENOENT') return 'nothing is pinned there; create the map again';
      if (code === 'EINVAL') return 'what is pinned there is no map';
      return undefined;
    },
    () => native.openPinnedMap(path),
  );
}

/** Writes many elements. Look-ups see them as they arrive: where that matters, fill a second map and switch. */
export async function updateAll(map: BpfMap, { keys, values, count }: MapElements): Promise<void> {
  const keySize = keys.length / count;
  const valueSize = values.length / count;
  for (let from = 0; from < count; from += BATCH) {
    const to = Math.min(from + BATCH, count);
    const someKeys = keys.subarray(from * keySize, to * keySize);
    const someValues = values.subarray(from * valueSize, to * valueSize);
    await withCureAsync('fill a map', fullMap, () => map.updateBatch(someKeys, someValues, UPDATE.any));
  }
}

/** Every element, in parts. A table that changes meanwhile may show an element twice or not at all. */
export async function* elements(map: BpfMap): AsyncGenerator<MapElements> {
  let cursor: Uint8Array | undefined;
  do {
    const part = await lookupPart(map, cursor, Math.min(BATCH, map.info().maxEntries));
    if (part.count > 0) yield part;
    cursor = part.cursor;
  } while (cursor !== undefined);
}

/** The kernel gives whole hash buckets, and ENOSPC where one has more elements than were asked for. */
async function lookupPart(map: BpfMap, cursor: Uint8Array | undefined, size: number): Promise<MapBatch> {
  try {
    return await map.lookupBatch(cursor, size);
  } catch (error) {
    const tooSmall = isNativeError(error) && error.code === 'ENOSPC' && size < map.info().maxEntries;
    if (!tooSmall) throw error;
    return lookupPart(map, cursor, size * 2);
  }
}

function fullMap({ code }: { readonly code: string }): string | undefined {
  return code === 'E2BIG' || code === 'ENOSPC' ? 'the map is full; create it with more entries' : undefined;
}
