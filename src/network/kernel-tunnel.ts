// A tunnel of the document as the kernel's kind of link: the family of its ends decides which.

import type { Tunnel } from '../account/account';
import { unreachable } from '../diagnostic/invariant';
import type { Tunnel as KernelTunnel } from '../netlink/route/link-kind/tunnel';

export function kernelTunnel(tunnel: Tunnel): KernelTunnel {
  const { local, remote, ttl } = tunnel;
  const ends = { local, remote, ttl };
  switch (tunnel.kind) {
    case 'gre': {
      const keys = tunnel.key === undefined ? {} : { inputKey: tunnel.key, outputKey: tunnel.key };
      return local.family === 4
        ? { kind: 'gre', ...ends, ...keys, pmtudisc: true }
        : { kind: 'ip6gre', ...ends, ...keys };
    }
    case 'ipip':
      return local.family === 4 ? { kind: 'ipip', ...ends, pmtudisc: true } : { kind: 'ip6tnl', ...ends };
    case 'vxlan':
      return { kind: 'vxlan', ...ends, id: tunnel.key, port: tunnel.port };
    default:
      return unreachable(tunnel);
  }
}
