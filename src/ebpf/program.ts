// Loaded BPF programs: from a pin, or from bare instructions for a probe of what this kernel takes. Whoever gets a
// program closes it (or leaves it to the garbage collector); pins and rules hold the kernel's object themselves.

import { type BpfProgram, native, type TestRunResult } from '../native';
import { withCure } from './bpf-error';

/** BPF_PROG_TYPE_SOCKET_FILTER of include/uapi/linux/bpf.h: what xt_bpf runs. */
export const SOCKET_FILTER = 1;

export function openPinnedProgram(path: string): BpfProgram {
  return withCure(
    `open the program pinned at ${path}`,
    ({ code }) => {
      if (code === 'ENOENT') return 'nothing is pinned there; load the program again';
      if (code === 'EINVAL') return 'what is pinned there is no program';
      return undefined;
    },
    () => native.openPinnedProgram(path),
  );
}

/** Loads instructions (struct bpf_insn, 8 bytes each) as a socket filter; a refusal carries the verifier's log. */
export function loadSocketFilter(name: string, instructions: Uint8Array): BpfProgram {
  return withCure(
    `load the socket filter ${name}`,
    () => undefined,
    () => native.loadProgram({ type: SOCKET_FILTER, name, license: 'GPL', instructions }),
  );
}

/**
 * Runs a socket filter on an IP packet, as an nft hook would: BPF_PROG_TEST_RUN takes an Ethernet frame and shows the
 * program what follows its header. EINVAL for what is shorter than an IP header (20 or 40 bytes), which no hook sees
 * either, and for what does not fit a page with the kernel's own data, about 3,700 bytes.
 */
export function testRunOnPacket(program: BpfProgram, packet: Uint8Array, repeat = 1): TestRunResult {
  const frame = new Uint8Array(14 + packet.length);
  frame.set(packet[0] !== undefined && packet[0] >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  frame.set(packet, 14);
  return program.testRun(frame, repeat, 0);
}
