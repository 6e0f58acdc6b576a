// The program that asks a bit of the memo: what the classifier, which has just run on this packet and this CPU, noted of
// it. Eleven instructions that differ in two numbers, so they are written out and not compiled.
//
//   __u64 *memo = bpf_map_lookup_elem(&memo, &(__u32){ 0 });
//   return memo && memo[word] >> bit & 1;

import { loadSocketFilter } from '../../ebpf/program';
import type { BpfMap, BpfProgram } from '../../native';
import { HOST_IS_LITTLE_ENDIAN as LITTLE } from '../../netlink/attribute';

/** include/uapi/linux/bpf.h and bpf_common.h */
const LOAD_IMMEDIATE_64 = 0x18;
const LOAD_64 = 0x79;
const STORE_IMMEDIATE_32 = 0x62;
const MOVE = 0xbf;
const ADD_IMMEDIATE = 0x07;
const CALL = 0x85;
const JUMP_IF_EQUAL = 0x15;
const SHIFT_RIGHT = 0x77;
const AND_IMMEDIATE = 0x57;
const EXIT = 0x95;
const BPF_PSEUDO_MAP_FD = 1;
const BPF_FUNC_MAP_LOOKUP_ELEM = 1;
const KEY = -4;

/** The caller closes it; the memo's descriptor is needed only while this runs. */
export function loadMemoProgram(memo: BpfMap, word: number, bit: number): BpfProgram {
  return loadSocketFilter('memo', memoInstructions(memo.fd, word, bit));
}

export function memoInstructions(memo: number, word: number, bit: number): Uint8Array {
  return Buffer.concat([
    instruction({ code: STORE_IMMEDIATE_32, destination: 10, offset: KEY, immediate: 0 }),
    instruction({ code: LOAD_IMMEDIATE_64, destination: 1, source: BPF_PSEUDO_MAP_FD, immediate: memo }),
    instruction({ code: 0 }),
    instruction({ code: MOVE, destination: 2, source: 10 }),
    instruction({ code: ADD_IMMEDIATE, destination: 2, immediate: KEY }),
    instruction({ code: CALL, immediate: BPF_FUNC_MAP_LOOKUP_ELEM }),
    instruction({ code: JUMP_IF_EQUAL, destination: 0, offset: 3, immediate: 0 }),
    instruction({ code: LOAD_64, destination: 0, source: 0, offset: word * 8 }),
    instruction({ code: SHIFT_RIGHT, destination: 0, immediate: bit }),
    instruction({ code: AND_IMMEDIATE, destination: 0, immediate: 1 }),
    instruction({ code: EXIT }),
  ]);
}

interface Instruction {
  readonly code: number;
  readonly destination?: number;
  readonly source?: number;
  readonly offset?: number;
  readonly immediate?: number;
}

/** struct bpf_insn: the two registers are bit fields, which lie the way of the machine's byte order. */
function instruction({ code, destination = 0, source = 0, offset = 0, immediate = 0 }: Instruction): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint8(0, code);
  view.setUint8(1, LITTLE ? (source << 4) | destination : (destination << 4) | source);
  view.setInt16(2, offset, LITTLE);
  view.setInt32(4, immediate, LITTLE);
  return new Uint8Array(view.buffer);
}
