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

/**
 * Blocks stay where the text has them. Otherwise a loop may go back by falling through into its head, which verifiers of 6.1
 * refuse: "back-edge from insn 185 to 186".
 */
export const BLOCKS_IN_ORDER: readonly string[] = ['-mllvm', '-disable-block-placement'];

export function clangArguments(includes: readonly string[], output: string, more: readonly string[] = []): string[] {
  const searched = [...includes, `/usr/include/${MULTIARCH[process.arch] ?? process.arch}`];
  return [
    ...CLANG_FLAGS,
    ...more,
    ...searched.flatMap(directory => ['-I', directory]),
    '-x',
    'c',
    '-',
    '-c',
    '-o',
    output,
  ];
}
