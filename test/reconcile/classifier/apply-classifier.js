// Run as a process of its own, which has never seen the policy in force: applies rules as a classifier and writes what
// that changed.
//   node apply-classifier.js NAMESPACE CACHE RULES

const { join } = require('node:path');

const ROOT = join(__dirname, '../../..');
const { compile, DEFAULT_OPTIONS } = require(join(ROOT, 'build/js/compile.js'));
const { apply } = require(join(ROOT, 'build/js/reconcile/apply.js'));
const { readKeys } = require(join(ROOT, 'build/js/reconcile/counters.js'));

const [namespace, directory, text] = process.argv.slice(2);
const cache = { directory, include: join(ROOT, 'bpf/include'), clang: 'clang' };

async function main() {
  const { rules } = JSON.parse(text);
  const keys = await readKeys({ namespace });
  const ruleset = { account: '0123456789abcdef0123456789abcdef', lists: new Map(), rules };
  const compiled = compile(ruleset, { ...DEFAULT_OPTIONS, stages: 'classifier', keys });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refused));
  const { difference } = await apply(compiled.value, { namespace }, cache);
  process.stdout.write(JSON.stringify(difference));
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
