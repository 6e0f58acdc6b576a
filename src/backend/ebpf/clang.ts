// How C text on standard input becomes a BPF object.

/** Debian keeps <asm/types.h> below the machine's multiarch triplet. */
const MULTIARCH: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' };

/** libbpf takes the types of maps from the debug information (-g). Formulas nest deeper than clang's 256 brackets. */
export const CLANG_FLAGS: readonly string[] = [
  '-O2',
  '-g',
  '-target',
  'bpf',
  '-Wall',
  '-Werror',
  '-fbracket-depth=4096',
];

export function clangArguments(includes: readonly string[], output: string): string[] {
  const searched = [...includes, `/usr/include/${MULTIARCH[process.arch] ?? process.arch}`];
  return [...CLANG_FLAGS, ...searched.flatMap(directory => ['-I', directory]), '-x', 'c', '-', '-c', '-o', output];
}
