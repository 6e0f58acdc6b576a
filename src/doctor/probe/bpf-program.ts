// Loads a socket filter, runs it on a packet, and looks whether it became machine code.

import { readFileSync } from 'node:fs';
import { testRunOnPacket } from '../../ebpf/program';
import { type Finding, no, yes } from '../probe';
import { loadMatchAll } from '../scratch-bpffs';

/** An IPv4 header is all that the filter would see. */
const PACKET = Uint8Array.of(0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2);

export function askBpfProgram(): Finding {
  const program = loadMatchAll();
  try {
    const { retval } = testRunOnPacket(program, PACKET);
    return retval === 1 ? yes('a socket filter ran') : no(`a program that returns 1 returned ${retval}`);
  } finally {
    program.close();
  }
}

export function askBpfJit(): Finding {
  const program = loadMatchAll();
  try {
    const { jitedLength } = program.info();
    const setting = readFileSync('/proc/sys/net/core/bpf_jit_enable', 'utf8').trim();
    const detail = `${jitedLength} bytes of machine code, net.core.bpf_jit_enable is ${setting}`;
    return jitedLength > 0 ? yes(detail) : no(detail);
  } finally {
    program.close();
  }
}
