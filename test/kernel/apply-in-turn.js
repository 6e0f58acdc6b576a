// Run as a process of its own, to be killed: applies the policies of a file one after the other, round and round, and
// writes the number of each that is in force. Numbers go on rising: policy N is the one at N modulo their count.
//   node apply-in-turn.js POLICIES NAMESPACE CACHE FIRST [STAGES]

const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '../..');
const { compile, DEFAULT_OPTIONS } = require(join(ROOT, 'build/js/compile.js'));
const { apply } = require(join(ROOT, 'build/js/reconcile/apply.js'));

const [policies, namespace, directory, first, stages = 'auto'] = process.argv.slice(2);
const cache = { directory, include: join(ROOT, 'bpf/include'), clang: 'clang' };

async function main() {
  const texts = JSON.parse(readFileSync(policies, 'utf8'));
  for (let number = Number(first); ; number++) {
    const compiled = compile({ ...texts[number % texts.length], lists: new Map() }, { ...DEFAULT_OPTIONS, stages });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
    await apply(compiled.value, { namespace }, cache);
    writeSync(1, `${number}\n`);
  }
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
