// Where the addon is looked for: next to the sources under jest, next to build/js when compiled; and what is said when
// it is not there.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';

const built = dirname(require.resolve('../../build/Release/rampart_native.node'));

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'rampart-test-'));
});
afterEach(() => rmSync(repository, { recursive: true }));

/** Loads src/native.ts from `place` in a repository of its own; gives what it exports, or the error's message. */
function load(place: string): string {
  const { code } = transformFileSync(join(__dirname, '../../src/native.ts'), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  mkdirSync(join(repository, place), { recursive: true });
  writeFileSync(join(repository, place, 'native.js'), code);
  const script = `
    try { console.log(typeof require(process.argv[1]).native.createNamespace); } catch (error) { console.log(error.message); }`;
  const native = join(repository, place, 'native.js');
  return execFileSync(process.execPath, ['-e', script, native], { encoding: 'utf8' }).trim();
}

describe.each(['src', 'build/js'])('native.ts in %s', place => {
  it('loads the addon from build/Release', () => {
    mkdirSync(join(repository, 'build'), { recursive: true });
    symlinkSync(built, join(repository, 'build/Release'));
    expect(load(place)).toBe('function');
  });

  it('names the cure where the addon has not been compiled', () => {
    const path = join(repository, 'build/Release/rampart_native.node');
    expect(load(place)).toBe(`${path} is missing: run \`make build\` to compile the addon`);
  });
});
