// Fields that no header holds: what the kernel knows of the packet.

import { BYTES, INT } from '../type';
import type { PacketField } from './packet-field';

export const WHOLE_PACKET_FIELDS: readonly PacketField[] = [
  {
    name: 'packet.len',
    type: INT,
    optional: false,
    meaning: 'Bytes from the network header to the end of the packet as the hook has it, whatever `ip.len` states.',
    absent: undefined,
    source: { kind: 'length', segment: 'network' },
  },
  {
    name: 'in_iface',
    type: BYTES,
    optional: true,
    meaning: 'Name of the interface that the packet came in by, such as `eth0`.',
    absent: 'frames of a capture, unless `trace --in-iface` names one',
    source: { kind: 'in_iface' },
  },
];
