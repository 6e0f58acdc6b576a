// Makes a tunnel by rtnetlink: `ip link add NAME type KIND local A remote B`. One without addresses says nothing: a new
// namespace has it already (gre0, tunl0) where the module is loaded.

import type { Address } from '../../net/address';
import { createTunnel } from '../../netlink/route/link';
import type { Tunnel } from '../../netlink/route/link-kind/tunnel';
import { type Ask, type Finding, findingOf, yes } from '../probe';
import type { Scratch } from '../scratch';
import { inScratchNamespace } from '../scratch-namespace';

export type TunnelKind = Tunnel['kind'];

/** 192.0.2.1 and 192.0.2.2, 2001:db8::1 and 2001:db8::2. */
const IPV4 = ends(4, 0xc0000200n);
const IPV6 = ends(6, 0x20010db8n << 96n);

const TUNNELS: { readonly [kind in TunnelKind]: Tunnel } = {
  gre: { kind: 'gre', ...IPV4, ttl: 64, pmtudisc: true },
  ip6gre: { kind: 'ip6gre', ...IPV6, ttl: 64 },
  ipip: { kind: 'ipip', ...IPV4, ttl: 64, pmtudisc: true },
  sit: { kind: 'sit', ...IPV4, ttl: 64, pmtudisc: true },
  ip6tnl: { kind: 'ip6tnl', ...IPV6, ttl: 64 },
  vxlan: { kind: 'vxlan', ...IPV4, id: 1, port: 4789, ttl: 64 },
};

export function askTunnel(kind: TunnelKind): Ask {
  return async (scratch: Scratch): Promise<Finding> => {
    const request = createTunnel({ name: `probe-${kind}`, tunnel: TUNNELS[kind] });
    try {
      await inScratchNamespace(scratch, 'route', connection => connection.request(request));
      return yes('made one');
    } catch (error) {
      return findingOf(error, ['EOPNOTSUPP']);
    }
  };
}

function ends(family: Address['family'], network: bigint): { readonly local: Address; readonly remote: Address } {
  return { local: { family, value: network + 1n }, remote: { family, value: network + 2n } };
}
