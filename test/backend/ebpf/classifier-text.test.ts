// What the text of a classifier's program depends on, and that the kernel takes it for either kind of processor.

import { classifierProgram } from '../../../src/backend/ebpf/classifier-text';
import { buildClassifier } from '../../../src/classifier/build';
import type { Classifier } from '../../../src/classifier/classifier';
import type { Rule } from '../../../src/ir/ruleset';
import { ipPacket, udp } from '../../../src/packet/build';
import { loadClassifier, run } from '../../classifier/loaded-classifier';
import { compiledExpression } from '../../packet/rules';

function classifierOf(...expressions: readonly string[]): Classifier {
  const rules = expressions.map(
    (expression, position): Rule => ({
      index: position + 1,
      ref: String(position + 1),
      action: expression.includes('ttl') ? 'log' : 'block',
      enabled: true,
      formula: compiledExpression(expression).formula,
    }),
  );
  const built = buildClassifier(rules, 'ip');
  if ('refused' in built) throw new Error(built.refused);
  return built;
}

const BASE = classifierOf('ip.src == 10.0.0.1', 'udp.dstport == 53');

test.each<[string, Classifier, boolean]>([
  ['other values', classifierOf('ip.src == 10.9.9.9', 'udp.dstport in {1..100}'), true],
  ['a few rules more', classifierOf('ip.src == 10.0.0.1', 'udp.dstport == 53', 'udp.dstport == 54'), true],
  ['another field', classifierOf('ip.dst == 10.0.0.1', 'udp.dstport == 53'), false],
  ['a rule that logs', classifierOf('ip.src == 10.0.0.1', 'udp.dstport == 53', 'ip.ttl == 3'), false],
  [
    'a test of the payload',
    classifierOf('ip.src == 10.0.0.1', 'udp.dstport == 53 and udp.payload contains "a"'),
    false,
  ],
])('with %s', (_, classifier, same) => {
  expect(classifierProgram(classifier.shape).name === classifierProgram(BASE.shape).name).toBe(same);
});

test('rules of one opaque test share it', () => {
  const { shape } = classifierOf(
    'udp.dstport == 1 and udp.payload contains "a"',
    'udp.dstport == 2 and udp.payload contains "a"',
    'udp.dstport == 3 and udp.payload contains "b"',
  );
  expect(shape.tests).toHaveLength(2);
});

test('where loads may be done in any order there is a fence, which the kernel takes', async () => {
  expect(classifierProgram(BASE.shape, 'x64').text).not.toContain('#define CLASSIFIER_WEAK_ORDER');
  expect(classifierProgram(BASE.shape, 'arm64').text).toContain('#define CLASSIFIER_WEAK_ORDER');
  const loaded = await loadClassifier(BASE, 'arm64');
  try {
    const header = { source: '10.0.0.2', destination: '10.0.0.3' };
    expect(run(loaded, ipPacket(header, udp(1, 53)))).toEqual({ dropped: true, logged: [] });
    expect(run(loaded, ipPacket(header, udp(53, 1)))).toEqual({ dropped: false, logged: [] });
  } finally {
    loaded.close();
  }
});
