// Makes a device of a kind by rtnetlink: `ip link add NAME type KIND`.

import type { AttributeWriter } from '../../netlink/attribute';
import { encodeMessage, NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL } from '../../netlink/message';
import { type Ask, type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

const RTM_NEWLINK = 16;
/** struct ifinfomsg, all zeros: no family, no index, no flags. */
const IFINFOMSG = 16;
const IFLA_IFNAME = 3;
const IFLA_LINKINFO = 18;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_VXLAN_ID = 1;

export function askDevice(kind: string): Ask {
  return async (scratch: Scratch): Promise<Finding> => {
    const bytes = encodeMessage(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, writer => writeLink(writer, kind));
    const request = { operation: 'create device', subject: kind, bytes };
    try {
      await inScratchNamespace(scratch, 'route', connection => connection.request(request));
      return yes('made one');
    } catch (error) {
      return findingOf(error, ['EOPNOTSUPP']);
    }
  };
}

function writeLink(writer: AttributeWriter, kind: string): void {
  writer.reserve(IFINFOMSG);
  writer.string(IFLA_IFNAME, `probe-${kind}`);
  writer.nested(IFLA_LINKINFO, () => {
    writer.string(IFLA_INFO_KIND, kind);
    // The only kind of ours that cannot be made without a setting.
    if (kind === 'vxlan') writer.nested(IFLA_INFO_DATA, () => writer.u32(IFLA_VXLAN_ID, 1));
  });
}
