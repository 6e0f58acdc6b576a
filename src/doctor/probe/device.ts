// Makes a device of a kind by rtnetlink: `ip link add NAME type KIND`.

import { createLink } from '../../netlink/route/link';
import { type Ask, type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

export function askDevice(kind: string): Ask {
  return async (scratch: Scratch): Promise<Finding> => {
    try {
      await inScratchNamespace(scratch, 'route', connection =>
        connection.request(createLink({ name: `probe-${kind}`, kind })),
      );
      return yes('made one');
    } catch (error) {
      return findingOf(error, ['EOPNOTSUPP']);
    }
  };
}
