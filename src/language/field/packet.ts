// Fields that no header holds: what the kernel knows of the packet.

import { INT } from '../type';
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
];
