// Makes a device of a kind by rtnetlink: `ip link add NAME type KIND`.

import type { Attribute } from '../../netlink/attribute';
import { createLink, type NewLink } from '../../netlink/route/link';
import { type Ask, type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

const IFLA_VXLAN_ID = 1;

export function askDevice(kind: string): Ask {
  return async (scratch: Scratch): Promise<Finding> => {
    const link: NewLink = { name: `probe-${kind}`, kind, ...(kind === 'vxlan' ? { data: [vxlanId(1)] } : {}) };
    try {
      await inScratchNamespace(scratch, 'route', connection => connection.request(createLink(link)));
      return yes('made one');
    } catch (error) {
      return findingOf(error, ['EOPNOTSUPP']);
    }
  };
}

/** The only setting without which a kind of ours cannot be made: a u32 in host byte order. */
function vxlanId(id: number): Attribute {
  return { type: IFLA_VXLAN_ID, payload: new Uint8Array(Uint32Array.of(id).buffer) };
}
