// An agent as a process of its own, to be killed. Reads accounts to keep from standard input, a line of JSON each:
// {"text": DOCUMENT, "version": N}; writes what happens to standard output, a line of JSON for each event. So many
// descriptors are held, and given back at a line {"release": true}.
//   node agent-process.js SETTINGS CACHE HELD

const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { closeSync, openSync, writeSync } = require('node:fs');

const ROOT = join(__dirname, '../..');
const built = module => require(join(ROOT, 'build/js', module));
const { startAgent } = built('agent/agent.js');
const { DEFAULT_AGENT_SETTINGS } = built('agent/agent-settings.js');
const { parseAccount } = built('account/parse-account.js');
const { DEFAULT_OPTIONS } = built('compile.js');

const [settings, directory, count] = process.argv.slice(2);
const held = Array.from({ length: Number(count) }, () => openSync('/dev/null'));

const agent = startAgent({
  settings: { ...DEFAULT_AGENT_SETTINGS, ...JSON.parse(settings) },
  compile: DEFAULT_OPTIONS,
  cache: { directory, include: join(ROOT, 'bpf/include'), clang: 'clang' },
  desired: [],
  tell: event => writeSync(1, `${JSON.stringify(event)}\n`),
});

createInterface({ input: process.stdin }).on('line', line => {
  const { text, version, release } = JSON.parse(line);
  if (release) {
    for (const fd of held) closeSync(fd);
    return;
  }
  const reading = parseAccount(text);
  if (reading.kind === 'refused') throw new Error(JSON.stringify(reading.problems));
  void agent.put({ account: reading.account, version });
});
