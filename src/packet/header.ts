// Lengths of the headers without options, in bytes, and the protocol numbers of those that have a payload.

/** RFC 791 section 3.1. */
export const IPV4_HEADER = 20;
/** RFC 8200 section 3. */
export const IPV6_HEADER = 40;
/** RFC 9293 section 3.1. */
export const TCP_HEADER = 20;
/** RFC 768. */
export const UDP_HEADER = 8;

export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
