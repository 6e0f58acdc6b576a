// The formulas against the language itself: field values read by hand, the typed expression run on them by execute(), and
// the evaluator of formulas on the packet. Two ways that share nothing behind the check of types.

import { holds } from '../../src/ir/evaluate';
import { execute } from '../../src/language/execute/execute';
import type { Value } from '../../src/language/value';
import { dissect, type Packet } from '../../src/packet/packet';
import { ipPacketOf } from '../../src/pcap/link-layer';
import { CASES } from './expressions';
import { fieldValues } from './field-values';
import { FRAMES } from './frames';
import { RECEIVING } from './interfaces';
import { LANGUAGE } from './language';
import { compiledExpression } from './rules';

interface Read {
  readonly number: number;
  readonly packet: Packet | undefined;
  readonly values: ReadonlyMap<string, Value> | undefined;
}

const reads: readonly Read[] = FRAMES.flatMap(frame => {
  const link = ipPacketOf(frame);
  if ('skipped' in link) return [];
  return [
    { number: frame.number, packet: dissect(link.packet, RECEIVING), values: fieldValues(link.packet, RECEIVING) },
  ];
});

test('the same frames are packets to both', () => {
  expect(numbers(({ packet }) => packet !== undefined)).toEqual(numbers(({ values }) => values !== undefined));
});

test.each(CASES)('$expression', ({ expression }) => {
  const { typed, formula } = compiledExpression(expression);
  const byLanguage = numbers(({ values }) => {
    return values !== undefined && execute(typed, { ...LANGUAGE, fields: values });
  });
  const byFormula = numbers(({ packet }) => packet !== undefined && holds(formula[packet.family], packet));
  expect(byFormula).toEqual(byLanguage);
});

function numbers(select: (read: Read) => boolean): number[] {
  return reads.filter(select).map(({ number }) => number);
}
