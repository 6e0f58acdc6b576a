// Compiles a small program as rules are compiled: for BPF, with the kernel's and libbpf's headers.

import { spawnSync } from 'node:child_process';
import { type Finding, no, yes } from '../probe';

/** Debian keeps <asm/types.h> below the machine's multiarch triplet. */
const MULTIARCH: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

const PROGRAM = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("socket") int match_all(struct __sk_buff *skb) { return 1; }
`;

export function askClang(): Finding {
  const include = `/usr/include/${MULTIARCH[process.arch] ?? process.arch}`;
  const flags = ['-O2', '-g', '-target', 'bpf', '-I', include, '-x', 'c', '-', '-c', '-o', '/dev/null'];
  const { error, status, stderr } = spawnSync('clang', flags, { input: PROGRAM, encoding: 'utf8', timeout: 30_000 });
  if (error !== undefined) return no(error.message);
  return status === 0 ? yes('compiled a socket filter') : no(stderr.trim());
}
