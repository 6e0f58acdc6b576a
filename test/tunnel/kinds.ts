// The kinds of tunnels, each over IPv4 and over IPv6: how a document describes one, how ip(8) makes its other end, and
// whether this kernel has it.

import { spawnSync } from 'node:child_process';

export interface TunnelKind {
  readonly name: string;
  /** Of the document, without name and addresses. */
  readonly document: string;
  /** `ip link add DEVICE …` at the other end. */
  readonly peer: readonly string[];
  readonly module: string;
  /** Bytes that a path of 1500 leaves. */
  readonly mtu: number;
  readonly carriesIpv6: boolean;
}

const V4 = 'local: 192.0.2.1, remote: 192.0.2.2';
const V6 = "local: '2001:db8:f::1', remote: '2001:db8:f::2'";
const PEER4 = ['local', '192.0.2.2', 'remote', '192.0.2.1', 'ttl', '64'];
const PEER6 = ['local', '2001:db8:f::2', 'remote', '2001:db8:f::1', 'ttl', '64'];
const UNLIMITED = ['encaplimit', 'none'];

export const KINDS: readonly TunnelKind[] = [
  {
    name: 'vxlan over IPv4',
    document: `kind: vxlan, key: 42, ${V4}`,
    peer: ['type', 'vxlan', 'id', '42', 'dstport', '4789', ...PEER4],
    module: 'vxlan',
    mtu: 1450,
    carriesIpv6: true,
  },
  {
    name: 'vxlan over IPv6',
    document: `kind: vxlan, key: 42, ${V6}`,
    peer: ['type', 'vxlan', 'id', '42', 'dstport', '4789', ...PEER6],
    module: 'vxlan',
    mtu: 1430,
    carriesIpv6: true,
  },
  {
    name: 'gre over IPv4',
    document: `kind: gre, ${V4}`,
    peer: ['type', 'gre', ...PEER4],
    module: 'ip_gre',
    mtu: 1476,
    carriesIpv6: true,
  },
  {
    name: 'gre over IPv4 with a key',
    document: `kind: gre, key: 42, ${V4}`,
    peer: ['type', 'gre', 'key', '42', ...PEER4],
    module: 'ip_gre',
    mtu: 1472,
    carriesIpv6: true,
  },
  {
    name: 'gre over IPv6',
    document: `kind: gre, ${V6}`,
    peer: ['type', 'ip6gre', ...PEER6, ...UNLIMITED],
    module: 'ip6_gre',
    mtu: 1456,
    carriesIpv6: true,
  },
  {
    name: 'ipip over IPv4',
    document: `kind: ipip, ${V4}`,
    peer: ['type', 'ipip', ...PEER4],
    module: 'ipip',
    mtu: 1480,
    carriesIpv6: false,
  },
  {
    name: 'ipip over IPv6',
    document: `kind: ipip, ${V6}`,
    peer: ['type', 'ip6tnl', 'mode', 'any', ...PEER6, ...UNLIMITED],
    module: 'ip6_tunnel',
    mtu: 1460,
    carriesIpv6: true,
  },
];

/** Tried in a namespace of its own, so that nothing of the machine is named or changed. */
export function isAvailable({ peer }: Pick<TunnelKind, 'peer'>): boolean {
  return spawnSync('unshare', ['--net', 'ip', 'link', 'add', 'tried', ...peer]).status === 0;
}
