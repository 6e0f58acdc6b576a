// Fields of the Encapsulating Security Payload (RFC 4303 section 2).

import { INT } from '../type';
import { type PacketField, transportField } from './packet-field';

const ESP = 50;

export const ESP_FIELDS: readonly PacketField[] = [
  {
    name: 'esp.spi',
    type: INT,
    optional: true,
    meaning: 'Security parameters index.',
    absent: 'not ESP, a later fragment, or cut off before it',
    source: transportField(ESP, { offset: 0, length: 4 }),
  },
];
