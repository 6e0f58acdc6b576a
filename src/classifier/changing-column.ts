// One dimension of a classifier whose tables are changed in place.

import type { Changed } from './changed';
import type { DimensionTables } from './classifier';
import type { BlockShape } from './rows';
import type { DimensionShape } from './shape';

export interface ChangingColumn {
  readonly shape: DimensionShape;
  readonly rows: BlockShape;
  readonly tables: DimensionTables;
  readonly changed: Changed;
}
