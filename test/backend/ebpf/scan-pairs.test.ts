// Automata in the kernel against JavaScript's regular expressions: texts of every length up to and around what the program
// reads at once, with what is looked for in every place. No literal says of these patterns where to look.

import { programFor } from '../../../src/backend/ebpf/program';
import { testRunOnPacket } from '../../../src/ebpf/program';
import { ipPacket, udp } from '../../../src/packet/build';
import { loadProgram } from '../../kernel/load-program';
import { longestTestRun } from '../../packet/longest-test-run';
import { compiledExpression } from '../../packet/rules';

const V4 = { source: '10.0.0.1', destination: '10.0.0.2' };

/** PAIR_BLOCK of scan-pairs.h, TEXT_CHUNK of text-chunk.h, and odd and even lengths on both sides of them. */
const LENGTHS = [
  ...Array.from({ length: 70 }, (_, i) => i),
  ...[126, 127, 128, 129, 1022, 1023, 1024, 1025, 1026, 2050],
];

test.each<[string, 'scan' | 'scan_pairs', RegExp]>([
  ['[a-p][q-z]', 'scan_pairs', /[a-p][q-z]/],
  ['[a-p][q-z]$', 'scan_pairs', /[a-p][q-z]$/],
  ['^[q-z]|[a-p][q-z][a-p]', 'scan_pairs', /^[q-z]|[a-p][q-z][a-p]/],
  ['^(?:[a-p]{2})*$', 'scan_pairs', /^(?:[a-p]{2})*$/],
  ['^(?:[a-p]{2})*[q-z]', 'scan_pairs', /^(?:[a-p]{2})*[q-z]/],
  ['\\b[q-z]{2}\\b', 'scan_pairs', /\b[q-z]{2}\b/],
  ['^$', 'scan_pairs', /^$/],
  ['[q-z].{9}[q-z]', 'scan', /[q-z].{9}[q-z]/],
])('%s runs by %s', async (regex, runner, expected) => {
  // The alternative keeps patterns of beginning and end from being tests of bytes.
  const { formula } = compiledExpression(`udp.payload matches "(?:${regex})|[\\x80-\\x83]{3}"`);
  const blueprint = programFor(formula.ip, 'ip');
  expect(blueprint.text.match(/\b(?:scan|scan_pairs|search_literals)(?=\(skb, segment)/g)).toEqual([runner]);
  const program = await loadProgram(blueprint);
  const most = longestTestRun() - 28;
  const wrong: string[] = [];
  for (const length of LENGTHS.filter(each => each <= most)) {
    for (const at of [0, 1, 2, 61, 62, 63, length - 3, length - 2, length - 1, length]) {
      if (at < 0 || at > length) continue;
      for (const what of ['z', 'zz', 'z a', ' zz ']) {
        const text = ('a'.repeat(at) + what + 'b'.repeat(length)).slice(0, length);
        const found = testRunOnPacket(program, ipPacket(V4, udp(1, 2, text))).retval === 1;
        if (found !== expected.test(text)) wrong.push(`${what} at ${at} of ${length}: ${found}`);
      }
    }
  }
  program.close();
  expect(wrong).toEqual([]);
});
