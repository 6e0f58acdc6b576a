// The rewrite by its table: formula before, formula after, both written out.

import { and, type Formula, or } from '../../../src/ir/formula';
import { printFormula } from '../../../src/ir/print';
import { mergeScans } from '../../../src/ir/rewrite/merge-scans';
import { lowerScan } from '../../../src/ir/scan';
import type { Segment } from '../../../src/packet/packet';
import { text } from './formulas';

describe('mergeScans', () => {
  const place = { start: 0, end: 0 };
  const contains = (segment: Segment, text: string): Formula => {
    const right = { kind: 'bytes', value: Buffer.from(text), form: 'quoted', span: place } as const;
    return lowerScan({ guards: [], segment }, { kind: 'contains', right }, place, { problems: [] });
  };
  test.each<[string, Formula, string]>([
    [
      'looks for two things at once',
      or([contains('udp_payload', 'a'), contains('udp_payload', 'b')]),
      'udp_payload contains 0x61 or contains 0x62',
    ],
    [
      'keeps segments apart',
      or([contains('udp_payload', 'a'), contains('tcp_payload', 'b')]),
      text('or', '  udp_payload contains 0x61', '  tcp_payload contains 0x62'),
    ],
    [
      'leaves conjunctions alone',
      and([contains('udp_payload', 'a'), contains('udp_payload', 'b')]),
      text('and', '  udp_payload contains 0x61', '  udp_payload contains 0x62'),
    ],
  ])('%s', (_, before, after) => {
    expect(printFormula(mergeScans(before))).toBe(after);
  });
});
