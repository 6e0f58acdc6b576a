// All rows, in the order of the table.

import type { Row } from './row';
import { CLASSBENCH_1K } from './rows/classbench-1k';
import { CLASSBENCH_8K } from './rows/classbench-8k';

export const ROWS: readonly Row[] = [CLASSBENCH_8K, CLASSBENCH_1K];
