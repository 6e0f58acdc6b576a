// Maps of every kind that a socket filter can look into: single elements, batches, and memory mapped into JavaScript.

import { readFileSync } from 'node:fs';

import { createMap, elements, MAP_FLAG, MAP_TYPE, UPDATE, updateAll } from '../../src/ebpf/map';
import type { BpfMap } from '../../src/native';

const little = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
const blueprint = { name: 'case', keySize: 4, valueSize: 4, maxEntries: 16, flags: 0 };

/** The kernel wants one value of 8 bytes for each CPU that could ever be plugged in: '0-1' are two. */
const possibleCpus = readFileSync('/sys/devices/system/cpu/possible', 'latin1')
  .trim()
  .split(',')
  .map(range => range.split('-').map(Number))
  .reduce((count, [first = 0, last = first]) => count + last - first + 1, 0);

describe.each<[string, number, number, Uint8Array, Uint8Array]>([
  ['hash', MAP_TYPE.hash, 0, little(5), little(50)],
  ['LRU hash', MAP_TYPE.lruHash, 0, little(5), little(50)],
  ['LPM trie', MAP_TYPE.lpmTrie, MAP_FLAG.noPrealloc, Uint8Array.of(24, 0, 0, 0, 192, 0, 2, 0), little(50)],
  ['per-CPU hash', MAP_TYPE.percpuHash, 0, little(5), new Uint8Array(8 * possibleCpus).fill(9)],
  ['LRU per-CPU hash', MAP_TYPE.lruPercpuHash, 0, little(5), new Uint8Array(8 * possibleCpus).fill(9)],
])('a map of type %s', (_, type, flags, key, value) => {
  const make = () => createMap({ ...blueprint, type, flags, keySize: key.length, valueSize: value.length > 4 ? 8 : 4 });

  it('keeps, gives, walks and loses an element', () => {
    const map = make();
    expect(map.lookup(key)).toBeUndefined();
    expect(map.nextKey(undefined)).toBeUndefined();
    map.update(key, value, UPDATE.noExist);
    expect(map.lookup(key)).toEqual(value);
    expect(map.nextKey(undefined)).toEqual(key);
    expect(map.nextKey(key)).toBeUndefined();
    expect(() => map.update(key, value, UPDATE.noExist)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(map.delete(key)).toBe(true);
    expect(map.delete(key)).toBe(false);
    expect(() => map.update(key, value, UPDATE.exist)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('takes, gives and loses elements in batches', async () => {
    const map = make();
    const otherKey = Uint8Array.from(key, (byte, index) => (index === key.length - 4 ? byte + 1 : byte));
    const keys = Uint8Array.of(...key, ...otherKey);
    expect(await map.updateBatch(keys, Uint8Array.of(...value, ...value), UPDATE.any)).toBe(2);
    expect(map.lookup(otherKey)).toEqual(value);
    const found = await map.lookupBatch(undefined, 16);
    expect({ count: found.count, bytes: found.keys.length, cursor: found.cursor }).toEqual({
      count: 2,
      bytes: keys.length,
      cursor: undefined,
    });
    expect(await map.deleteBatch(keys)).toBe(2);
    expect(map.nextKey(undefined)).toBeUndefined();
  });

  it('is described by the kernel', () => {
    const { id, ...info } = make().info();
    expect(id).toBeGreaterThan(0);
    expect(info).toEqual({ ...blueprint, type, flags, keySize: key.length, valueSize: value.length > 4 ? 8 : 4 });
  });
});

describe('an array', () => {
  const array = (flags = 0) => createMap({ ...blueprint, type: MAP_TYPE.array, flags });

  it('has all its elements from the start and loses none', () => {
    const map = array();
    expect(map.lookup(little(15))).toEqual(little(0));
    expect(map.lookup(little(16))).toBeUndefined();
    expect(() => map.delete(little(0))).toThrow(expect.objectContaining({ code: 'EINVAL' }));
    expect(() => map.update(little(16), little(1), UPDATE.any)).toThrow(expect.objectContaining({ code: 'E2BIG' }));
  });

  it('of several CPUs has a value for each', () => {
    const map = createMap({ ...blueprint, type: MAP_TYPE.percpuArray });
    expect(map.lookup(little(3))).toEqual(new Uint8Array(8 * possibleCpus));
  });
});

describe('a map of maps', () => {
  it.each([
    ['array', MAP_TYPE.arrayOfMaps],
    ['hash', MAP_TYPE.hashOfMaps],
  ])('(%s) takes the descriptor of a map and gives its id', (_, type) => {
    const inner = createMap({ ...blueprint, type: MAP_TYPE.hash });
    const outer = createMap({ ...blueprint, type, innerMapFd: inner.fd });
    outer.update(little(1), little(inner.fd), UPDATE.any);
    expect(outer.lookup(little(1))).toEqual(little(inner.info().id));
  });
});

describe('batches', () => {
  const count = 25_000;
  const keys = little(...Array.from({ length: count }, (_, index) => index));
  const values = little(...Array.from({ length: count }, (_, index) => index * 3));

  async function readBack(map: BpfMap): Promise<Map<number, number>> {
    const found = new Map<number, number>();
    for await (const part of elements(map)) {
      const someKeys = new Uint32Array(part.keys.buffer);
      const someValues = new Uint32Array(part.values.buffer);
      for (let index = 0; index < part.count; index++) found.set(someKeys[index] ?? -1, someValues[index] ?? -1);
    }
    return found;
  }

  it.each([
    ['hash', MAP_TYPE.hash],
    ['array', MAP_TYPE.array],
  ])('fill and read back a whole %s', async (_, type) => {
    const map = createMap({ ...blueprint, type, maxEntries: count });
    await updateAll(map, { keys, values, count });
    const found = await readBack(map);
    expect(found.size).toBe(count);
    for (const key of [0, 1, 9_999, 10_000, 24_999]) expect(found.get(key)).toBe(key * 3);
  });

  it('read an empty map as no parts', async () => {
    expect((await readBack(createMap({ ...blueprint, type: MAP_TYPE.hash }))).size).toBe(0);
  });

  it('say how far they came when the map is full', async () => {
    const map = createMap({ ...blueprint, type: MAP_TYPE.hash, maxEntries: 100 });
    await expect(map.updateBatch(keys.subarray(0, 800), values.subarray(0, 800), UPDATE.any)).rejects.toMatchObject({
      code: 'E2BIG',
      syscall: 'bpf(BPF_MAP_UPDATE_BATCH)',
      object: 'case after 100 of 200',
    });
    await expect(updateAll(map, { keys, values, count })).rejects.toMatchObject({
      code: 'E2BIG',
      cure: 'the map is full; create it with more entries',
    });
  });

  it('copy their bytes at once', async () => {
    const map = createMap({ ...blueprint, type: MAP_TYPE.hash });
    const key = little(1);
    const value = little(11);
    const written = map.updateBatch(key, value, UPDATE.any);
    key.fill(0xff);
    value.fill(0xff);
    await written;
    expect(map.lookup(little(1))).toEqual(little(11));
  });
});

describe('the memory of an array', () => {
  const mappable = () => createMap({ ...blueprint, type: MAP_TYPE.array, flags: MAP_FLAG.mmapable, maxEntries: 1000 });

  it('is seen and written without system calls, each element in 8 bytes', () => {
    const map = mappable();
    const memory = map.mmap();
    expect(memory.byteLength).toBe(8000);
    const words = new Uint32Array(memory);
    words[2 * 7] = 77;
    expect(map.lookup(little(7))).toEqual(little(77));
    map.update(little(8), little(88), UPDATE.any);
    expect(words[2 * 8]).toBe(88);
  });

  it('outlives the map object', () => {
    const map = mappable();
    const words = new Uint32Array(map.mmap());
    map.update(little(1), little(5), UPDATE.any);
    map.close();
    expect(words[2]).toBe(5);
  });
});

describe('a map that the kernel does not make', () => {
  it.each<[string, object, string, string]>([
    [
      'an LPM trie without BPF_F_NO_PREALLOC',
      { type: MAP_TYPE.lpmTrie, keySize: 8 },
      'EINVAL',
      'the kernel does not take this type with these sizes and flags',
    ],
    [
      'an array of more bytes than there are',
      { type: MAP_TYPE.array, maxEntries: 0xffff_ffff, valueSize: 1 << 20 },
      'ENOMEM',
      '4294967295 entries are too many for this machine',
    ],
  ])('%s is refused with a cure', (_, shape, code, cure) => {
    expect(() => createMap({ ...blueprint, type: 0, ...shape })).toThrow(expect.objectContaining({ code, cure }));
  });
});
