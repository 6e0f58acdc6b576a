/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The first Maximum Segment Size option of a TCP header (RFC 9293 section 3.1): its two value bytes are a segment. */
#ifndef RAMPART_TCP_OPTION_H
#define RAMPART_TCP_OPTION_H

#include "packet.h"

#define TCP_HEADER 20
/* Data offset 15 less the header itself. */
#define MOST_OPTION_BYTES 40

#define TCPOPT_EOL 0
#define TCPOPT_NOP 1
#define TCPOPT_MSS 2
#define TCPOLEN_MSS 4

struct option_walk {
	__u8 options[64]; /* a power of two, so that a mask keeps every index inside without a branch */
	__u32 at;
	__u32 end;
	__u32 found; /* offset of the value, never 0 */
};

/* One option; returns 1 to end the walk. */
static long walk_option(__u32 index, struct option_walk *walk)
{
	__u32 at = walk->at;
	__u8 kind = walk->options[at & 63];
	__u8 length = walk->options[(at + 1) & 63];

	if (at >= walk->end || kind == TCPOPT_EOL)
		return 1;
	if (kind == TCPOPT_NOP) {
		walk->at = at + 1;
		return 0;
	}
	if (at + 1 >= walk->end || length < 2 || at + length > walk->end)
		return 1;
	if (kind == TCPOPT_MSS && length == TCPOLEN_MSS) {
		walk->found = at + 2;
		return 1;
	}
	walk->at = at + length;
	return 0;
}

/* 0 where there is none. __noinline: the options want a frame of their own. */
static __noinline __u32 find_mss(struct __sk_buff *skb, __u32 transport)
{
	struct option_walk walk = {};
	__u8 data_offset;
	__u32 length;

	if (bpf_skb_load_bytes(skb, transport + 12, &data_offset, 1) < 0)
		return 0;
	length = (data_offset >> 4) * 4;
	if (length <= TCP_HEADER)
		return 0;
	walk.end = length - TCP_HEADER;
	/* Says 1 to 64 to the verifier, which does not see it from the subtraction. */
	asm volatile("" : "+r"(length));
	length = ((length - TCP_HEADER - 1) & 63) + 1;
	if (bpf_skb_load_bytes(skb, transport + TCP_HEADER, walk.options, length) < 0)
		return 0;
	bpf_loop(MOST_OPTION_BYTES, walk_option, &walk, 0);
	return walk.found == 0 ? 0 : transport + TCP_HEADER + walk.found;
}

static __always_inline struct segment tcp_mss(struct __sk_buff *skb, const struct packet *packet)
{
	__u32 start = 0;

	if (packet->has_transport && packet->l4proto == IPPROTO_TCP)
		start = find_mss(skb, packet->transport);
	return (struct segment){ .start = start, .present = start != 0 };
}

#endif
