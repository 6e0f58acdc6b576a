/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The first IPv6 Fragment header, found as nft_exthdr_ipv6_eval does: a walk of its own, for it goes on behind an
 * Authentication Header, where the walk to the upper-layer protocol ends.
 */
#ifndef RAMPART_FRAGMENT_HEADER_H
#define RAMPART_FRAGMENT_HEADER_H

#include "packet.h"

struct fragment_walk {
	struct __sk_buff *skb;
	__u32 start;
	__u8 nexthdr;
	bool broken;
};

/* One extension header; returns 1 to end the walk. */
static long walk_to_fragment_header(__u32 index, struct fragment_walk *walk)
{
	__u8 header[4];

	if (walk->nexthdr == NEXTHDR_FRAGMENT)
		return 1;
	walk->broken = (!is_walked(walk->nexthdr) && walk->nexthdr != NEXTHDR_AUTH) ||
		       (walk->nexthdr == NEXTHDR_ROUTING ? bpf_skb_load_bytes(walk->skb, walk->start, header, 4) < 0 :
							   bpf_skb_load_bytes(walk->skb, walk->start, header, 2) < 0);
	if (walk->broken)
		return 1;
	/* RFC 4302 section 2.2 counts in units of 4 bytes, all others in units of 8 without the first. */
	walk->start += walk->nexthdr == NEXTHDR_AUTH ? (header[1] + 2) * 4 : (header[1] + 1) * 8;
	walk->nexthdr = header[0];
	return 0;
}

/* __noinline: each walk costs the verifier its own frame, and every test on the header makes one. */
static __noinline __u32 find_fragment_header(struct __sk_buff *skb)
{
	struct fragment_walk walk = { .skb = skb, .start = IPV6_HEADER };
	__u8 header[4];

	if (bpf_skb_load_bytes(skb, 6, &walk.nexthdr, 1) < 0)
		return 0;
	bpf_loop(MOST_EXTENSION_HEADERS, walk_to_fragment_header, &walk, 0);
	if (walk.broken || walk.nexthdr != NEXTHDR_FRAGMENT || bpf_skb_load_bytes(skb, walk.start, header, 4) < 0)
		return 0;
	return walk.start;
}

static __always_inline struct segment fragment_header(struct __sk_buff *skb, const struct packet *packet)
{
	__u32 start = find_fragment_header(skb);

	return (struct segment){ .start = start, .present = start != 0 };
}

#endif
