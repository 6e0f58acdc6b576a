// From text to formula, the warnings and rewrites included: the documented expressions, one after the other and again.

import { compileExpression } from '../../src/compile';
import type { Lists } from '../../src/ir/address';
import { DOCUMENTED } from '../../test/language/documented-expressions';
import { median } from '../median';
import { oursAtMost, type Row } from '../row';

const REPEATS = 100;
const LISTS: Lists = new Map(
  ['iplist', 'endpoints', 'internal_routers', 'web_servers', 'office_network'].map(name => [
    name,
    [{ family: 4, from: 0xc6336400n, to: 0xc63364ffn }],
  ]),
);

export const COMPILE_EXPRESSION: Row = {
  name: 'compile-expression',
  what: 'parse, check and lower one expression, median of the 47 documented',
  against: 'itself',
  goals: [oursAtMost(100, 'us')],
  run: async ({ runs }) => {
    for (const [expression] of DOCUMENTED) compilationTime(expression);
    const medians = Array.from({ length: runs }, () =>
      median(DOCUMENTED.map(([expression]) => compilationTime(expression))),
    );
    return [{ label: '', figures: { ours: { unit: 'us', runs: medians } } }];
  },
};

/** In microseconds. */
function compilationTime(expression: string): number {
  const times = Array.from({ length: REPEATS }, () => {
    const start = process.hrtime.bigint();
    compileExpression(expression, LISTS, {});
    return Number(process.hrtime.bigint() - start) / 1e3;
  });
  return median(times);
}
