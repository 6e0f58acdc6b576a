// The longest packet that BPF_PROG_TEST_RUN takes: a page less head room and skb_shared_info (bpf_test_init of
// net/bpf/test_run.c), 3,698 bytes on x86. Found by halving, as both depend on the architecture.

import { loadSocketFilter, testRunOnPacket } from '../../src/ebpf/program';
import { type BpfProgram, isNativeError } from '../../src/native';

let found: number | undefined;

export function longestTestRun(): number {
  found ??= halve();
  return found;
}

function halve(): number {
  // r0 = 0; exit
  const program = loadSocketFilter('longest', Buffer.from('b7000000000000009500000000000000', 'hex'));
  let [taken, refused] = [20, 65536];
  try {
    while (refused - taken > 1) {
      const middle = (taken + refused) >> 1;
      if (takes(program, middle)) taken = middle;
      else refused = middle;
    }
    return taken;
  } finally {
    program.close();
  }
}

function takes(program: BpfProgram, length: number): boolean {
  try {
    testRunOnPacket(program, new Uint8Array(length));
    return true;
  } catch (error) {
    if (isNativeError(error) && error.code === 'EINVAL') return false;
    throw error;
  }
}
