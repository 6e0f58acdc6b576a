// Fields with one value in all packets of a family. `true` and `false`: Wirefilter has no Boolean literals, the public API
// has expressions that are nothing but `true`.

import { BOOL, INT } from '../type';
import type { PacketField } from './packet-field';

export const CONSTANT_FIELDS: readonly PacketField[] = [
  {
    name: 'ip.version',
    type: INT,
    optional: false,
    meaning: 'Version of the Internet Protocol: 4 or 6.',
    absent: undefined,
    source: { kind: 'constant', value: { ip: 4n, ip6: 6n } },
  },
  truth(true, 'Holds of every packet.'),
  truth(false, 'Holds of no packet.'),
];

function truth(value: boolean, meaning: string): PacketField {
  return {
    name: String(value),
    type: BOOL,
    optional: false,
    meaning,
    absent: undefined,
    source: { kind: 'constant', value: { ip: value, ip6: value } },
  };
}
