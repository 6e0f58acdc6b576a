// The kernel's settings (sysctl) that an account's network needs. In a namespace of its own they are the namespace's;
// elsewhere those of the account's links alone.

import type { Setting } from './plan';

type Family = 4 | 6;

/** No link-local address of the kernel's own making, and so no router solicitations. */
const ADDRESS_MODE_NONE = '1';

/**
 * Of a namespace of the account's own. Packets come in where the way back does not lead (rp_filter), and the ports of a
 * flow have a say in its tunnel (hash policy).
 */
export function namespaceSettings(families: readonly Family[]): readonly Setting[] {
  const ipv4 = [
    { key: 'net/ipv4/conf/all/forwarding', value: '1' },
    { key: 'net/ipv4/conf/all/rp_filter', value: '0' },
    { key: 'net/ipv4/conf/default/rp_filter', value: '0' },
    { key: 'net/ipv4/fib_multipath_hash_policy', value: '1' },
  ];
  const ipv6 = [
    { key: 'net/ipv6/conf/all/forwarding', value: '1' },
    { key: 'net/ipv6/fib_multipath_hash_policy', value: '1' },
  ];
  return [...ipv4, ...(families.includes(6) ? ipv6 : [])];
}

export function linkSettings(link: string, families: readonly Family[], kind: 'veth' | 'tunnel'): readonly Setting[] {
  return [
    { key: `net/ipv4/conf/${link}/forwarding`, value: '1' },
    { key: `net/ipv4/conf/${link}/rp_filter`, value: '0' },
    ...(families.includes(6) ? [ipv6Setting(link, kind)] : []),
  ];
}

/**
 * A tunnel's other end is asked for from a link-local address, which the kernel makes; with the detection of duplicates that
 * would be a second without IPv6.
 */
function ipv6Setting(link: string, kind: 'veth' | 'tunnel'): Setting {
  if (kind === 'veth') return { key: `net/ipv6/conf/${link}/addr_gen_mode`, value: ADDRESS_MODE_NONE };
  return { key: `net/ipv6/conf/${link}/accept_dad`, value: '0' };
}
