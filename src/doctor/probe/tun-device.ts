// tun devices are made by an ioctl on a character device, not by rtnetlink; opening it is the part that can be missing.

import { closeSync, openSync } from 'node:fs';
import { type Finding, findingOf, yes } from '../probe';

const PATH = '/dev/net/tun';

export function askTunDevice(): Finding {
  try {
    closeSync(openSync(PATH, 'r+'));
    return yes(`${PATH} opens`);
  } catch (error) {
    // ENODEV, ENXIO: the node is there and the driver is not.
    return findingOf(error, ['ENOENT', 'ENODEV', 'ENXIO']);
  }
}
