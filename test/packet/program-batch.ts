// Many programs in one object. Starting clang and reading the headers takes longer than a program's own text, so tests of
// thousands of programs compile them together: each text as it is, with its names made its own. Objects are kept, but those
// of random programs, which no other run needs.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ObjectCache, objectOf } from '../../src/backend/ebpf/object-cache';
import { type Program, programOf } from '../../src/backend/ebpf/program';
import { loadBpfObject, openBpfObject } from '../../src/ebpf/object';
import type { BpfProgram } from '../../src/native';
import { TEST_CACHE } from '../kernel/object-cache';

/** Loaded programs by the names of the blueprints; whoever asked for them closes them. */
export async function loadTogether(
  programs: Iterable<Program>,
  cache: ObjectCache = TEST_CACHE,
): Promise<ReadonlyMap<string, BpfProgram>> {
  const distinct = [...new Map([...programs].map(program => [program.name, program])).values()];
  if (distinct.length === 0) return new Map();
  const together = programOf(`${distinct.map(ownNames).join('\n')}\n${LICENSE}\n`);
  const object = openBpfObject(await objectOf(together, cache), 'batch');
  try {
    await loadBpfObject(object, 'batch');
    return new Map(distinct.map(({ name }, index) => [name, object.program(`rampart_${index}`)]));
  } finally {
    object.close();
  }
}

export async function loadRandomTogether(programs: Iterable<Program>): Promise<ReadonlyMap<string, BpfProgram>> {
  const directory = mkdtempSync(join(tmpdir(), 'rampart-batch-'));
  try {
    return await loadTogether(programs, { ...TEST_CACHE, directory });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function closeAll(programs: ReadonlyMap<string, BpfProgram>): void {
  for (const program of programs.values()) program.close();
}

const LICENSE = 'char LICENSE[] SEC("license") = "GPL";';
/** The headers that read tables of the text before them, so that each text needs them anew. */
const OWN_HEADERS = ['scan.h', 'scan-in-iface.h', 'scan-pairs.h', 'search.h'].map(name => ({
  include: `#include <rampart/${name}>`,
  text: readFileSync(join(TEST_CACHE.include, 'rampart', name), 'utf8')
    .replace(/^(?=#ifndef (RAMPART_\w+))/m, '#undef $1\n')
    .replace('#include "scan.h"\n', '')
    .replaceAll(/#include "(.*)"/g, '#include <rampart/$1>'),
}));
/** What a line at the left margin defines: a function, an array or a struct. */
const DEFINED = /^(?:(?:static|__weak|struct|SEC\("socket"\)\n\w+) [^\n;=({[]*?)\b(\w+)(?= \{|\[|\()/gm;

function ownNames({ text }: Program, index: number): string {
  const one = OWN_HEADERS.reduce(
    (whole, header) => whole.replace(header.include, () => header.text),
    text.replace(LICENSE, ''),
  );
  const defined = new Set([...one.matchAll(DEFINED)].map(([, name]) => name));
  if (!defined.has('rampart')) throw new Error(`not the text of a program:\n${text}`);
  const names = new RegExp(`(?<!<)\\b(?:${[...defined].join('|')})\\b`, 'g');
  return one.replace(names, name => `${name}_${index}`);
}
