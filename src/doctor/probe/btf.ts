// Reads the beginning of the kernel's BTF.

import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { type Finding, no, yes } from '../probe';

const PATH = '/sys/kernel/btf/vmlinux';
/** struct btf_header's magic, in host byte order. */
const MAGIC = 0xeb9f;

export function askBtf(): Finding {
  if (!existsSync(PATH)) return no(`${PATH} does not exist`);
  const header = new Uint8Array(2);
  const fd = openSync(PATH, 'r');
  try {
    readSync(fd, header);
  } finally {
    closeSync(fd);
  }
  const magic = new Uint16Array(header.buffer)[0];
  return magic === MAGIC ? yes(PATH) : no(`${PATH} begins with 0x${magic?.toString(16)}`);
}
