// A program of the eBPF backend, compiled by way of the tests' cache and loaded; whoever asked for it closes it.

import { objectOf } from '../../src/backend/ebpf/object-cache';
import type { Program } from '../../src/backend/ebpf/program';
import { loadBpfObject, openBpfObject } from '../../src/ebpf/object';
import type { BpfProgram } from '../../src/native';
import { TEST_CACHE } from './object-cache';

export async function loadProgram(program: Program): Promise<BpfProgram> {
  const object = openBpfObject(await objectOf(program, TEST_CACHE), program.name);
  try {
    await loadBpfObject(object, program.name);
    return object.program('rampart');
  } finally {
    object.close();
  }
}
