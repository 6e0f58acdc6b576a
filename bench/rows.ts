// All rows, in the order of the table.

import type { Row } from './row';
import { APPLY_10000_RULES } from './rows/apply-10000-rules';
import { APPLY_10000_RULES_LINEAR } from './rows/apply-10000-rules-linear';
import { APPLY_10000_RULES_MAP } from './rows/apply-10000-rules-map';
import { APPLY_CLASSBENCH_8K } from './rows/apply-classbench-8k';
import { CHANGE_RULE } from './rows/change-rule';
import { CHANGE_RULE_CLASSBENCH_8K } from './rows/change-rule-classbench-8k';
import { CHANGE_RULE_ELEMENT } from './rows/change-rule-element';
import { CLASSBENCH_1K } from './rows/classbench-1k';
import { CLASSBENCH_8K } from './rows/classbench-8k';
import { CLASSBENCH_GROWTH } from './rows/classbench-growth';
import { COMMIT_LATENCY } from './rows/commit-latency';
import { COMPILE_EXPRESSION } from './rows/compile-expression';
import { COUNTERS_10000_RULES } from './rows/counters-10000-rules';
import { NEW_ACCOUNT } from './rows/new-account';
import { PACKET_1000_RULES } from './rows/packet-1000-rules';
import { PAYLOAD_SUBSTRING } from './rows/payload-substring';
import { PAYLOAD_TOKENS } from './rows/payload-tokens';

export const ROWS: readonly Row[] = [
  APPLY_10000_RULES,
  APPLY_10000_RULES_MAP,
  APPLY_10000_RULES_LINEAR,
  APPLY_CLASSBENCH_8K,
  CHANGE_RULE,
  CHANGE_RULE_ELEMENT,
  PACKET_1000_RULES,
  CLASSBENCH_8K,
  CLASSBENCH_1K,
  CLASSBENCH_GROWTH,
  CHANGE_RULE_CLASSBENCH_8K,
  PAYLOAD_TOKENS,
  PAYLOAD_SUBSTRING,
  COUNTERS_10000_RULES,
  NEW_ACCOUNT,
  COMMIT_LATENCY,
  COMPILE_EXPRESSION,
];
