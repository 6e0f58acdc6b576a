// Formulas of growing depth, until they are too deep for chains: each that the compiler still makes chains of must be
// one that the kernel takes (NFT_JUMP_STACK_SIZE), in both families and for fragments, and it must still judge right.

import { evaluate } from '../../src/ir/evaluate';
import { replay } from '../../src/replay/replay';
import { WRITTEN_FRAMES } from '../packet/frames';
import { planOf } from '../packet/rules';
import { TEST_CACHE } from './object-cache';

const DEPTHS = Array.from({ length: 16 }, (_, index) => index + 1);

test.each(DEPTHS)('%i alternatives one after the other', async depth => {
  const terms = Array.from(
    { length: depth },
    (_, i) => `(bit_slice(ip, ${i}, ${i + 3}) != 5 or tcp.dstport & ${1 << i})`,
  );
  const plan = planOf([
    { expression: terms.join(' and '), action: 'log' },
    { expression: terms.join(' xor '), action: 'log' },
  ]);
  const different: number[] = [];
  await replay(plan, WRITTEN_FRAMES, TEST_CACHE, ({ number, bytes }, fate) => {
    const matched = fate.kind === 'judged' ? fate.matched : [];
    const expected = evaluate(plan.ruleset, bytes).matched;
    if (matched.map(({ index }) => index).join() !== expected.map(({ index }) => index).join()) different.push(number);
  });
  expect(different).toEqual([]);
});

test('the shallow ones are chains and the deepest are not', () => {
  const backend = (depth: number) => {
    const terms = Array.from({ length: depth }, (_, i) => `(ip.ttl & ${1 << (i % 8)} or tcp.dstport == ${i})`);
    return planOf([{ expression: terms.join(' and '), action: 'log' }]).backends;
  };
  expect(backend(4)).toEqual({ ip: ['nft'], ip6: ['nft'] });
  expect(backend(16)).toEqual({ ip: ['ebpf'], ip6: ['ebpf'] });
});
