// All rows, in the order of the table.

import type { Row } from './row';
import { CLASSBENCH_1K } from './rows/classbench-1k';
import { CLASSBENCH_8K } from './rows/classbench-8k';
import { CLASSBENCH_GROWTH } from './rows/classbench-growth';
import { COMPILE_EXPRESSION } from './rows/compile-expression';
import { COUNTERS_10000_RULES } from './rows/counters-10000-rules';
import { PACKET_1000_RULES } from './rows/packet-1000-rules';
import { PAYLOAD_SUBSTRING } from './rows/payload-substring';
import { PAYLOAD_TOKENS } from './rows/payload-tokens';

export const ROWS: readonly Row[] = [
  PACKET_1000_RULES,
  CLASSBENCH_8K,
  CLASSBENCH_1K,
  CLASSBENCH_GROWTH,
  PAYLOAD_TOKENS,
  PAYLOAD_SUBSTRING,
  COUNTERS_10000_RULES,
  COMPILE_EXPRESSION,
];
