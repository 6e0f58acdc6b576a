// A BPF file system of the probes' own, with a program pinned in it that matches every packet.

import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { ensureBpffs, pin, unpin } from '../ebpf/bpffs';
import { loadSocketFilter } from '../ebpf/program';
import { type BpfProgram, native } from '../native';
import type { Scratch } from './scratch';

/** BPF_MOV64_IMM(BPF_REG_0, 1); BPF_EXIT_INSN(): struct bpf_insn on a little-endian machine. */
const MATCH_ALL = Uint8Array.of(0xb7, 0, 0, 0, 1, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);

/** The caller closes it. */
export function loadMatchAll(): BpfProgram {
  return loadSocketFilter('match_all', MATCH_ALL);
}

/** The path of the pin. The first probe that asks mounts the file system and pins the program. */
export function scratchPin(scratch: Scratch): string {
  if (scratch.pin === undefined) {
    const path = `${mountScratchBpffs(scratch)}/match_all`;
    const program = loadMatchAll();
    try {
      pin(program, path);
    } finally {
      program.close();
    }
    scratch.removals.push({ what: `pin ${path}`, remove: () => unpin(path) });
    scratch.pin = path;
  }
  return scratch.pin;
}

/** Under /run, so that a machine without /sys/fs/bpf is left without it. */
function mountScratchBpffs(scratch: Scratch): string {
  const mountPoint = `/run/${scratch.name}`;
  if (!existsSync(mountPoint)) {
    mkdirSync(mountPoint);
    scratch.removals.push({ what: `directory ${mountPoint}`, remove: () => rmdirSync(mountPoint) });
    ensureBpffs(mountPoint);
    scratch.removals.push({ what: `mount ${mountPoint}`, remove: () => native.unmountFilesystem(mountPoint) });
  }
  return mountPoint;
}
