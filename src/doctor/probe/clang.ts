// Compiles a small program as rules are compiled: for BPF, with the kernel's and libbpf's headers.

import { spawnSync } from 'node:child_process';
import { clangArguments } from '../../backend/ebpf/clang';
import { type Finding, no, yes } from '../probe';

const PROGRAM = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("socket") int match_all(struct __sk_buff *skb) { return 1; }
`;

export function askClang(): Finding {
  const clang = clangArguments([], '/dev/null');
  const { error, status, stderr } = spawnSync('clang', clang, { input: PROGRAM, encoding: 'utf8', timeout: 30_000 });
  if (error !== undefined) return no(error.message);
  return status === 0 ? yes('compiled a socket filter') : no(stderr.trim());
}
