// The compiled grammar. It is built from grammar/wirefilter.ne into build/ and lies at the same path under the
// project's root whether this file runs from src/ or from build/js/: the one place that knows where.

import { existsSync } from 'node:fs';
import path from 'node:path';
import nearley from 'nearley';

const COMPILED = 'build/grammar/wirefilter.js';

export const GRAMMAR = load();

function load(): nearley.Grammar {
  const rules: nearley.CompiledRules = require(locate(__dirname));
  return nearley.Grammar.fromCompiled(rules);
}

function locate(directory: string): string {
  const candidate = path.join(directory, COMPILED);
  if (existsSync(candidate)) return candidate;
  const parent = path.dirname(directory);
  if (parent === directory) throw new Error(`${COMPILED} is missing above ${__dirname}: run \`npm run build\``);
  return locate(parent);
}
