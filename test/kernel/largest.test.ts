// The largest formulas of every kind that the language's 4,096 characters allow: each must go into the kernel, with the
// backend that fits and as eBPF alone, in both families, and judge as the evaluator does.

import type { Choice } from '../../src/backend/nft/rule';
import { evaluate } from '../../src/ir/evaluate';
import { PACKET_LIMITS } from '../../src/language/limits';
import { replay } from '../../src/replay/replay';
import { rawFrame } from '../packet/frames';
import { planOf } from '../packet/rules';
import { LARGEST, nestingOf, PACKETS } from './largest-formulas';
import { TEST_CACHE } from './object-cache';

const FRAMES = PACKETS.map((bytes, index) => rawFrame(index + 1, bytes));

describe.each<Choice>(['auto', 'ebpf'])('backend %s takes, and judges as the evaluator does,', choice => {
  test.each(LARGEST)('%s', async (_, expression) => {
    const plan = planOf([{ expression, action: 'log' }], { choice });
    const different: number[] = [];
    await replay(plan, FRAMES, TEST_CACHE, ({ number, bytes }, fate) => {
      const matched = fate.kind === 'judged' && fate.matched.length > 0;
      if (matched !== evaluate(plan.ruleset, bytes).matched.length > 0) different.push(number);
    });
    expect(different).toEqual([]);
  });
});

test('they are as long, or nested as deep, as the language allows', () => {
  const small = LARGEST.filter(([, text]) => text.length < 3900 && nestingOf(text) < PACKET_LIMITS.nesting - 1);
  expect(small.map(([name]) => name)).toEqual([]);
});
