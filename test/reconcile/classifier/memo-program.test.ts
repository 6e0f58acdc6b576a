// The program that asks one bit of the memo, run by the kernel.

import { createMap, MAP_TYPE } from '../../../src/ebpf/map';
import { testRunOnPacket } from '../../../src/ebpf/program';
import { loadMemoProgram } from '../../../src/reconcile/classifier/memo-program';

const PACKET = Buffer.alloc(20, 0x45);

test.each<[word: number, bit: number, set: boolean]>([
  [0, 0, true],
  [0, 1, false],
  [1, 0, false],
  [1, 3, true],
  [1, 63, true],
  [2, 31, true],
  [2, 32, false],
  [127, 62, false],
  [127, 63, true],
])('bit %#: word %s, bit %s is set: %s', (word, bit, set) => {
  const memo = createMap({
    name: 'memo',
    type: MAP_TYPE.array,
    keySize: 4,
    valueSize: 1024,
    maxEntries: 1,
    flags: 0,
  });
  const value = Buffer.alloc(1024);
  value.writeBigUInt64LE(1n, 0);
  value.writeBigUInt64LE((1n << 63n) | 8n, 8);
  value.writeBigUInt64LE(1n << 31n, 16);
  value.writeBigUInt64LE(1n << 63n, 1016);
  memo.update(Buffer.alloc(4), value, 0);
  const program = loadMemoProgram(memo, word, bit);
  expect(testRunOnPacket(program, PACKET).retval).toBe(set ? 1 : 0);
  program.close();
  memo.close();
});

test('a word beyond the memo is refused by the verifier', () => {
  const memo = createMap({ name: 'memo', type: MAP_TYPE.array, keySize: 4, valueSize: 16, maxEntries: 1, flags: 0 });
  expect(() => loadMemoProgram(memo, 2, 0)).toThrow(/outside of the allowed memory range/);
  memo.close();
});
