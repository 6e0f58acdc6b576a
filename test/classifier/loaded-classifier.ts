// A classifier's program in the kernel with its maps, run by BPF_PROG_TEST_RUN: no nftables, no pins. Counter n is rule n's.

import { classifierProgram } from '../../src/backend/ebpf/classifier-text';
import { objectOf } from '../../src/backend/ebpf/object-cache';
import type { Classifier } from '../../src/classifier/classifier';
import { MEMO_DROP, MEMO_LOGGED } from '../../src/classifier/maps';
import { writeSlot } from '../../src/classifier/write';
import { invariant } from '../../src/diagnostic/invariant';
import { elements, UPDATE } from '../../src/ebpf/map';
import { loadBpfObject, openBpfObject } from '../../src/ebpf/object';
import { testRunOnPacket } from '../../src/ebpf/program';
import type { BpfMap, BpfProgram } from '../../src/native';
import { TEST_CACHE } from '../kernel/object-cache';

const FIRST_KEY = new Uint8Array(4);

export interface LoadedClassifier {
  readonly program: BpfProgram;
  readonly counters: BpfMap;
  readonly memo: BpfMap | undefined;
  /** Memory of the two slots. */
  readonly slots: readonly [Uint8Array, Uint8Array];
  /** What the control map says, which names the slot in use. */
  setSequence(sequence: number): void;
  close(): void;
}

export interface Answer {
  readonly dropped: boolean;
  /** Numbers among the logging rules. */
  readonly logged: readonly number[];
}

/** With the tables in slot 0, which is in use. */
export async function loadClassifier(classifier: Classifier, architecture?: string): Promise<LoadedClassifier> {
  const { shape, tables } = classifier;
  const program = classifierProgram(shape, architecture);
  const object = openBpfObject(await objectOf(program, TEST_CACHE), 'classifier');
  try {
    await loadBpfObject(object, 'classifier');
    const maps = { tables: object.map('tables'), control: object.map('control'), counters: object.map('counters') };
    const memo = shape.loggingWords === 0 ? undefined : object.map('memo');
    const memory = new Uint8Array(maps.tables.mmap());
    const slots = [memory.subarray(0, shape.slotBytes), memory.subarray(shape.slotBytes, 2 * shape.slotBytes)] as const;
    writeSlot(classifier, slots[0], identity(tables.rules));
    return {
      program: object.program('rampart'),
      counters: maps.counters,
      memo,
      slots,
      setSequence: sequence =>
        maps.control.update(FIRST_KEY, new Uint8Array(BigUint64Array.of(BigInt(sequence)).buffer), UPDATE.any),
      close: () => {
        for (const map of [...Object.values(maps), ...(memo === undefined ? [] : [memo])]) map.close();
      },
    };
  } finally {
    object.close();
  }
}

export function identity(rules: number): Uint32Array {
  return Uint32Array.from({ length: rules }, (_, position) => position);
}

/** What nftables would get to know of the packet. */
export function run({ program, memo }: LoadedClassifier, packet: Uint8Array): Answer {
  if (memo === undefined) return { dropped: testRunOnPacket(program, packet).retval === 1, logged: [] };
  const empty = new Uint8Array((memo.lookup(FIRST_KEY) as Uint8Array).length);
  memo.update(FIRST_KEY, empty, UPDATE.any);
  const { retval } = testRunOnPacket(program, packet);
  const copies = memo.lookup(FIRST_KEY) as Uint8Array;
  const words = wordsOfOne(new BigUint64Array(copies.buffer, copies.byteOffset, copies.length / 8), memo);
  const answer = { dropped: words[MEMO_DROP] === 1n, logged: bits(words.subarray(MEMO_LOGGED)) };
  invariant(
    (retval === 1) === (answer.dropped || answer.logged.length > 0),
    'it is 1 where nftables has to do something',
  );
  return answer;
}

/** Of the processor that ran the program; all others' are empty. */
function wordsOfOne(copies: BigUint64Array, memo: BpfMap): BigUint64Array {
  const width = memo.info().valueSize / 8;
  const each = Array.from({ length: copies.length / width }, (_, i) => copies.subarray(i * width, (i + 1) * width));
  return each.find(words => words.some(word => word !== 0n)) ?? (each[0] as BigUint64Array);
}

function bits(words: BigUint64Array): number[] {
  return [...words].flatMap((word, index) =>
    Array.from({ length: 64 }, (_, bit) => bit)
      .filter(bit => (word >> BigInt(bit)) & 1n)
      .map(bit => 64 * index + bit),
  );
}

export interface Count {
  readonly packets: number;
  readonly bytes: number;
}

/** Of each counter, over all processors. */
export async function counts({ counters }: LoadedClassifier): Promise<Count[]> {
  const found: Count[] = [];
  for await (const { keys, values, count } of elements(counters)) {
    const numbers = new Uint32Array(keys.buffer, keys.byteOffset, count);
    const each = new BigUint64Array(values.buffer, values.byteOffset, values.length / 8);
    const width = each.length / count;
    for (let i = 0; i < count; i++) {
      const own = each.subarray(i * width, (i + 1) * width);
      const sum = (first: number) => own.reduce((all, n, j) => (j % 2 === first ? all + Number(n) : all), 0);
      found[numbers[i] as number] = { packets: sum(0), bytes: sum(1) };
    }
  }
  return found;
}
