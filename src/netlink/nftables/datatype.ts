// nft's numbers for data types. The kernel stores them with a set and gives them back; only nft reads them, to print keys
// as addresses and ports. A concatenation is its parts in pieces of 6 bits. Verdicts are the one type of the kernel.

/** enum datatypes of nft (include/datatype.h). */
export const DATATYPES = {
  verdict: 0xffffff00,
  integer: 4,
  ipv4_addr: 7,
  ipv6_addr: 8,
  ether_addr: 9,
  ether_type: 10,
  inet_proto: 12,
  inet_service: 13,
  icmp_type: 14,
  tcp_flag: 15,
  mark: 19,
  icmpv6_type: 29,
  ifname: 41,
} as const;
export type DatatypeName = Exclude<keyof typeof DATATYPES, 'verdict'>;

/** `type ipv4_addr . inet_service` is concatenatedType(['ipv4_addr', 'inet_service']); at most five parts fit. */
export function concatenatedType(parts: readonly DatatypeName[]): number {
  if (parts.length > 5) throw new RangeError(`a concatenation of ${parts.length} types does not fit into 32 bits`);
  return parts.reduce((type, part) => type * 64 + DATATYPES[part], 0);
}
