// Mounts a BPF file system and pins a program in it.

import { existsSync } from 'node:fs';
import { isOnBpffs } from '../../ebpf/bpffs';
import { type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { scratchPin } from '../scratch-bpffs';

const USUAL = '/sys/fs/bpf';

export function askBpffs(scratch: Scratch): Finding {
  try {
    scratchPin(scratch);
  } catch (error) {
    return findingOf(error, ['ENODEV']);
  }
  const mounted = existsSync(USUAL) && isOnBpffs(USUAL);
  return yes(`pinned in one of its own; ${USUAL} is ${mounted ? '' : 'not '}mounted`);
}
