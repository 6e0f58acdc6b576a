// Tunnels as the kernel's kinds of links have them (IFLA_INFO_DATA): what is read of one equals what was written. None has
// more settings than we use; one made with others is read as no tunnel of ours. A VXLAN's further settings are not looked
// at: their defaults are the kernel's own affair, and nobody can change them while the device exists.

import type { Attributes } from '../../attribute';
import type { AttributeWriter } from '../../attribute-writer';
import { decodeGre, encodeGre, type GreTunnel } from './gre';
import { decodeIp6Gre, encodeIp6Gre, type Ip6GreTunnel } from './ip6gre';
import { decodeIp6Tunnel, encodeIp6Tunnel, type Ip6Tunnel } from './ip6tnl';
import { decodeIpip, encodeIpip, type IpipTunnel } from './ipip';
import { decodeVxlan, encodeVxlan, type VxlanTunnel } from './vxlan';

export type Tunnel = GreTunnel | Ip6GreTunnel | IpipTunnel | Ip6Tunnel | VxlanTunnel;

export function encodeTunnel(writer: AttributeWriter, tunnel: Tunnel): void {
  switch (tunnel.kind) {
    case 'gre':
      encodeGre(writer, tunnel);
      break;
    case 'ip6gre':
      encodeIp6Gre(writer, tunnel);
      break;
    case 'ipip':
    case 'sit':
      encodeIpip(writer, tunnel);
      break;
    case 'ip6tnl':
      encodeIp6Tunnel(writer, tunnel);
      break;
    case 'vxlan':
      encodeVxlan(writer, tunnel);
      break;
    default:
      tunnel satisfies never;
  }
}

/** undefined for other kinds, and for settings that encodeTunnel() does not make. */
export function decodeTunnel(data: Attributes, kind: string): Tunnel | undefined {
  switch (kind) {
    case 'gre':
      return decodeGre(data);
    case 'ip6gre':
      return decodeIp6Gre(data);
    case 'ipip':
    case 'sit':
      return decodeIpip(data, kind);
    case 'ip6tnl':
      return decodeIp6Tunnel(data);
    case 'vxlan':
      return decodeVxlan(data);
    default:
      return undefined;
  }
}
