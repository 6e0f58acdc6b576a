// `true` and `false`: Wirefilter has no Boolean literals, the public API has expressions that are nothing but `true`.

import { BOOL } from '../type';
import type { PacketField } from './packet-field';

export const CONSTANT_FIELDS: readonly PacketField[] = [true, false].map(value => ({
  name: String(value),
  type: BOOL,
  optional: false,
  meaning: value ? 'Holds of every packet.' : 'Holds of no packet.',
  absent: undefined,
  source: { kind: 'constant', value },
}));
