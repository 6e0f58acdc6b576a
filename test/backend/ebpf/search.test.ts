// The search for literals in the kernel, against includes() of JavaScript: small texts exhaustively, and longer ones with
// the literal on both sides of every border that bpf/include/rampart/search.h has.

import { type Program, programFor } from '../../../src/backend/ebpf/program';
import { testRunOnPacket } from '../../../src/ebpf/program';
import { evaluate } from '../../../src/ir/evaluate';
import type { BpfProgram } from '../../../src/native';
import { ipPacket, tcp, udp } from '../../../src/packet/build';
import { replay } from '../../../src/replay/replay';
import { loadProgram } from '../../kernel/load-program';
import { TEST_CACHE } from '../../kernel/object-cache';
import { rawFrame } from '../../packet/frames';
import { longestTestRun } from '../../packet/longest-test-run';
import { closeAll, loadTogether } from '../../packet/program-batch';
import { compiledExpression, planOf } from '../../packet/rules';

const V4 = { source: '10.0.0.1', destination: '10.0.0.2' };
/** SEARCH_BLOCK, SEARCH_STEP and SEARCH_CHUNK of text-chunk.h, and where the third and fourth chunk begin. */
const BORDERS = [64, 128, 960, 1024, 1920, 1984, 2880];

function contains(literal: string): Program {
  return programFor(compiledExpression(`udp.payload contains "${literal}"`).formula.ip, 'ip');
}

function finds(program: BpfProgram, text: string): boolean {
  return testRunOnPacket(program, ipPacket(V4, udp(1, 2, Buffer.from(text, 'latin1')))).retval === 1;
}

/** Every text of the letters, by length. */
function textsOf(letters: string, longest: number): string[] {
  let last = [''];
  const all = [''];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap(text => [...letters].map(letter => text + letter));
    all.push(...last);
  }
  return all;
}

test('every literal of up to four letters in every text of up to seven', async () => {
  const literals = textsOf('ab', 4).filter(literal => literal !== '');
  const programs = new Map(literals.map(literal => [literal, contains(literal)]));
  const loaded = await loadTogether(programs.values());
  const texts = textsOf('ab', 7);
  const wrong = [...programs].flatMap(([literal, { name }]) => {
    const program = loaded.get(name) as BpfProgram;
    return texts.filter(text => finds(program, text) !== text.includes(literal)).map(text => `${literal} in ${text}`);
  });
  closeAll(loaded);
  expect(literals).toHaveLength(30);
  expect(texts).toHaveLength(255);
  expect(wrong).toEqual([]);
});

describe('at the borders of what is looked at together', () => {
  const letters = 'xyzzyplughQuuxfrobnicatewaldofredgarplygrault';
  test.each([1, 2, 7, 8, 9, 15, 16, 17, 33, 45])(
    'a literal of %i bytes is found, and one letter less is not',
    async length => {
      const literal = letters.slice(0, length);
      const program = await loadProgram(contains(literal));
      const almost = `${literal.slice(0, -1)}#`;
      const most = longestTestRun() - 28;
      const wrong: string[] = [];
      for (const border of BORDERS) {
        for (let at = border - length - 1; at <= border + 1; at++) {
          // The text ends with the literal; goes on behind it; or has something like it there.
          const before = 'a'.repeat(Math.max(0, at));
          for (const [text, expected] of [
            [`${before}${literal}`, true],
            [`${before}${literal}${'a'.repeat(100)}`, true],
            [`${before}${almost}`, length === 0],
            [`${before}${almost}${'a'.repeat(100)}`, false],
            [`${before}${literal.slice(0, -1)}`, false],
          ] as const) {
            if (text.length <= most && finds(program, text) !== expected)
              wrong.push(`${at} ${text.length} ${expected}`);
          }
        }
      }
      program.close();
      expect(wrong).toEqual([]);
    },
  );
});

test('what an earlier packet left behind is not found', async () => {
  const program = await loadProgram(contains('xyzzy'));
  const found = [70, 950, 1030, 3000].flatMap(length => {
    const whole = `${'.'.repeat(length - 5)}xyzzy`;
    return [0, 1, 2, 3, 4, 5, 6].map(less => finds(program, whole) && finds(program, whole.slice(0, length - less)));
  });
  program.close();
  expect(found).toEqual([70, 950, 1030, 3000].flatMap(() => [true, false, false, false, false, false, false]));
});

test('a text that is full of almost-literals', async () => {
  const program = await loadProgram(contains('aaaaaaaaaaaaaaab'));
  const long = 'a'.repeat(3000);
  const found = [long, `${long}b`, `b${long}`, `${long.slice(0, 1500)}b${long.slice(0, 1500)}`].map(text =>
    finds(program, text),
  );
  program.close();
  expect(found).toEqual([false, true, false, true]);
});

test('letters of either case, where the wildcard takes both', async () => {
  const folded = await loadProgram(programFor(compiledExpression('udp.payload wildcard "*Xy[2@*"').formula.ip, 'ip'));
  const strict = await loadProgram(
    programFor(compiledExpression('udp.payload strict wildcard "*Xy[2@*"').formula.ip, 'ip'),
  );
  const texts = ['xY[2@', 'XY[2@', 'xy[2@', 'Xy[2@', 'xy{2@', 'xy[2`', 'xy[\x12@', '8y[2@'];
  const found = [folded, strict].map(program => texts.map(text => finds(program, `..${text}..`)));
  for (const program of [folded, strict]) program.close();
  expect(found).toEqual([
    [true, true, true, true, false, false, false, false],
    [false, false, false, true, false, false, false, false],
  ]);
});

test('one of eight literals, wherever it is', async () => {
  const words = ['alpha!', 'bravo!', 'charlie', 'delta!', 'echo!!', 'foxtrot', 'golf!!', 'hotel!'];
  const any = words.map(word => `udp.payload contains "${word}"`).join(' or ');
  const program = programFor(compiledExpression(any).formula.ip, 'ip');
  expect(program.text).toContain('search_literals(skb, segment.start, packet->end, 0, 8)');
  const loaded = await loadProgram(program);
  const found = words.flatMap(word => [0, 61, 1021, 2500].map(at => finds(loaded, `${' '.repeat(at)}${word} `)));
  expect(found).toEqual(words.flatMap(() => [true, true, true, true]));
  expect(words.map(word => finds(loaded, word.slice(1)))).toEqual(words.map(() => false));
  loaded.close();
});

test('more than thirty searches go into one program', async () => {
  const words = Array.from({ length: 40 }, (_, i) => `word number ${i}`);
  const all = words.map(word => `udp.payload contains "${word}."`).join(' and ');
  const program = await loadProgram(programFor(compiledExpression(all).formula.ip, 'ip'));
  expect(finds(program, words.map(word => `${word}.`).join(''))).toBe(true);
  expect(finds(program, words.join(''))).toBe(false);
  program.close();
});

test('in packets of up to 64 KiB at the hook, in whatever pieces the kernel holds them', async () => {
  const plan = planOf([
    { expression: 'udp.payload contains "xyzzy" or tcp.payload contains "xyzzy"', action: 'log' },
    { expression: 'udp.payload matches "x[a-z]zz+y#"', action: 'log' },
  ]);
  const filling = (length: number, end: string) => `${'x'.repeat(length - end.length)}${end}`;
  const packets = [200, 1473, 9000, 30_001, 65_000].flatMap(length =>
    ['xyzzy', 'xyzzy#', 'xyzz'].flatMap(end => [
      ipPacket(V4, udp(1, 2, filling(length, end))),
      ipPacket(V4, tcp(1, 2, 0x10, filling(length, end))),
    ]),
  );
  const different: number[] = [];
  const frames = packets.map((bytes, index) => rawFrame(index, bytes));
  await replay(plan, frames, TEST_CACHE, ({ number, bytes }, fate) => {
    const matched = fate.kind === 'judged' ? fate.matched.length : -1;
    if (matched !== evaluate(plan.ruleset, bytes).matched.length) different.push(number);
  });
  expect(different).toEqual([]);
  expect(packets.map(bytes => evaluate(plan.ruleset, bytes).matched.length)).toEqual(
    [1, 2, 3, 4, 5].flatMap(() => [1, 1, 2, 1, 0, 0]),
  );
});
