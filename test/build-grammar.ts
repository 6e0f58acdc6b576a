// jest's globalSetup: the compiled grammar is build output, so tests build it where it is absent or older than its source.

import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..');
const SOURCE = path.join(ROOT, 'grammar/wirefilter.ne');
const COMPILED = path.join(ROOT, 'build/grammar/wirefilter.js');

export default function buildGrammar(): void {
  const built = statSync(COMPILED, { throwIfNoEntry: false });
  if (built !== undefined && built.mtimeMs >= statSync(SOURCE).mtimeMs) return;
  mkdirSync(path.dirname(COMPILED), { recursive: true });
  execFileSync(process.execPath, [require.resolve('nearley/bin/nearleyc.js'), SOURCE, '-o', COMPILED]);
}
