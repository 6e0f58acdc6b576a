// BPF objects for tests, compiled by clang as the test runs.

import { execFileSync, spawnSync } from 'node:child_process';

/** `describe` where clang is installed; skipped, with the reason in the title, where it is not. */
export function describeWithClang(title: string, tests: () => void): void {
  if (spawnSync('clang', ['--version']).status === 0) describe(title, tests);
  else describe.skip(`${title} (skipped: clang is not installed)`, tests);
}

/** The body follows the headers. Every object is GPL and, unless a flag says otherwise, has debug information. */
export function compileC(body: string, ...flags: readonly string[]): Buffer {
  const source = `#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n${body}\nchar _license[] SEC("license") = "GPL";\n`;
  const machine = execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim();
  const target = ['-O2', '-g', '-target', 'bpf', `-I/usr/include/${machine}-linux-gnu`];
  return execFileSync('clang', [...target, ...flags, '-x', 'c', '-c', '-', '-o', '-'], { input: source });
}
