/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * A packet as a socket filter called by xt_bpf sees it: offset 0 of the skb is the network header, and the receive path
 * has cut the skb to the length that this header states. Socket filters have no direct packet access, so every byte
 * comes through bpf_skb_load_bytes, which refuses what lies beyond the end: a load that fails means absent bytes.
 *
 * dissect_ip() and dissect_ip6() find the transport header the way nf_tables does (nft_set_pktinfo_ipv4, _ipv6).
 */
#ifndef RAMPART_PACKET_H
#define RAMPART_PACKET_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IPPROTO_TCP 6
#define IPPROTO_UDP 17

#define NEXTHDR_HOP 0
#define NEXTHDR_ROUTING 43
#define NEXTHDR_FRAGMENT 44
#define NEXTHDR_AUTH 51
#define NEXTHDR_DEST 60

#define IPV4_HEADER 20
#define IPV6_HEADER 40
#define UDP_HEADER 8
/* A 64 KiB packet of nothing but 8-byte extension headers. */
#define MOST_EXTENSION_HEADERS 8192

struct packet {
	__u32 end; /* bytes from the network header */
	__u32 transport; /* offset of the transport header, may lie beyond the end */
	__u8 l4proto;
	bool has_l4proto;
	bool has_transport; /* never in a later fragment, nor in an IPv6 fragment of less than three bytes of it */
};

/* Bytes from start (inclusive) to the packet's end. */
struct segment {
	__u32 start;
	bool present;
};

/* An unsigned number of up to 16 bytes. */
struct number {
	__u64 high;
	__u64 low;
	bool present;
};

static __always_inline __u16 load_u16(struct __sk_buff *skb, __u32 offset, bool *present)
{
	__u8 bytes[2] = {};

	if (bpf_skb_load_bytes(skb, offset, bytes, sizeof(bytes)) < 0)
		*present = false;
	return bytes[0] << 8 | bytes[1];
}

/*
 * BPF_LD | BPF_IND: a number of four bytes or one, in a register at once; what is copied to the stack can be read only some
 * 3 ns later. Beyond the packet's end it would end the function with 0: nobody may ask for what is not there.
 */
unsigned long long load_word_inside(void *skb, unsigned long long offset) asm("llvm.bpf.load.word");
unsigned long long load_byte_inside(void *skb, unsigned long long offset) asm("llvm.bpf.load.byte");

/* header: the first 20 bytes */
static __always_inline void dissect_ip_header(struct __sk_buff *skb, const __u8 *header, struct packet *packet)
{
	packet->end = skb->len;
	packet->l4proto = header[9];
	packet->has_l4proto = true;
	packet->transport = (header[0] & 0xf) * 4;
	packet->has_transport = ((header[6] << 8 | header[7]) & 0x1fff) == 0;
}

/* dissect_ip() where nobody wants the header itself. */
static __always_inline bool dissect_ip_words(struct __sk_buff *skb, struct packet *packet)
{
	__u64 word;

	if (skb->len < IPV4_HEADER)
		return false;
	/* Flags and fragment offset, time to live, protocol. */
	word = load_word_inside(skb, 6);
	packet->end = skb->len;
	packet->l4proto = word;
	packet->has_l4proto = true;
	packet->transport = (load_byte_inside(skb, 0) & 0xf) * 4;
	packet->has_transport = (word & 0x1fff0000) == 0;
	return true;
}

static __always_inline bool dissect_ip(struct __sk_buff *skb, struct packet *packet)
{
	__u8 header[IPV4_HEADER];

	if (bpf_skb_load_bytes(skb, 0, header, sizeof(header)) < 0)
		return false;
	dissect_ip_header(skb, header, packet);
	return true;
}

struct extension_walk {
	struct __sk_buff *skb;
	__u32 start;
	__u8 nexthdr;
	bool fragmented;
	bool later_fragment;
	bool broken;
};

static __always_inline bool is_walked(__u8 nexthdr)
{
	return nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_ROUTING || nexthdr == NEXTHDR_FRAGMENT ||
	       nexthdr == NEXTHDR_DEST;
}

/* One extension header; returns 1 to end the walk. */
static long walk_extension(__u32 index, struct extension_walk *walk)
{
	__u8 header[4];
	__u32 length = walk->nexthdr == NEXTHDR_ROUTING || walk->nexthdr == NEXTHDR_FRAGMENT ? 4 : 2;

	if (!is_walked(walk->nexthdr))
		return 1;
	if (length == 4 ? bpf_skb_load_bytes(walk->skb, walk->start, header, 4) < 0 :
			  bpf_skb_load_bytes(walk->skb, walk->start, header, 2) < 0) {
		walk->broken = true;
		return 1;
	}
	if (walk->nexthdr != NEXTHDR_FRAGMENT) {
		walk->start += (header[1] + 1) * 8;
	} else if ((header[2] << 8 | header[3]) & ~7) {
		walk->later_fragment = true;
		walk->broken = is_walked(header[0]) || header[0] == NEXTHDR_AUTH;
		walk->nexthdr = header[0];
		return 1;
	} else {
		walk->fragmented = true;
		walk->start += 8;
	}
	walk->nexthdr = header[0];
	return 0;
}

/* An Authentication Header counts as the upper-layer protocol, as in ipv6_find_hdr with IP6_FH_F_AUTH. */
static __always_inline bool dissect_ip6(struct __sk_buff *skb, struct packet *packet)
{
	struct extension_walk walk = { .skb = skb, .start = IPV6_HEADER };
	bool present = true;

	packet->end = skb->len;
	if (bpf_skb_load_bytes(skb, 6, &walk.nexthdr, 1) < 0 || skb->len < IPV6_HEADER)
		return false;
	bpf_loop(MOST_EXTENSION_HEADERS, walk_extension, &walk, 0);
	if (walk.nexthdr == NEXTHDR_AUTH && !walk.later_fragment)
		load_u16(skb, walk.start, &present);
	if (walk.broken || !present || walk.start > 0xffff)
		return true;
	packet->l4proto = walk.nexthdr;
	packet->has_l4proto = true;
	packet->transport = walk.start;
	packet->has_transport = !walk.later_fragment && !(walk.fragmented && walk.start + 3 > packet->end);
	return true;
}

static __always_inline struct segment network(struct __sk_buff *skb, const struct packet *packet)
{
	return (struct segment){ .start = 0, .present = true };
}

static __always_inline struct segment transport(struct __sk_buff *skb, const struct packet *packet)
{
	return (struct segment){ .start = packet->transport,
				 .present = packet->has_transport && packet->transport <= packet->end };
}

static __always_inline struct segment udp_payload(struct __sk_buff *skb, const struct packet *packet)
{
	__u32 start = packet->transport + UDP_HEADER;

	return (struct segment){ .start = start,
				 .present = packet->has_transport && packet->l4proto == IPPROTO_UDP &&
					    start <= packet->end };
}

static __always_inline struct segment tcp_payload(struct __sk_buff *skb, const struct packet *packet)
{
	struct segment segment = {};
	__u8 data_offset;
	__u32 length;

	if (!packet->has_transport || packet->l4proto != IPPROTO_TCP)
		return segment;
	if (bpf_skb_load_bytes(skb, packet->transport + 12, &data_offset, 1) < 0)
		return segment;
	length = (data_offset >> 4) * 4;
	segment.start = packet->transport + length;
	segment.present = length >= 20 && segment.start <= packet->end;
	return segment;
}

/* length is a constant from 1 to 16 */
static __always_inline struct number load_at(struct __sk_buff *skb, __u32 offset, const __u32 length)
{
	__u64 halves[2] = {};

	if (bpf_skb_load_bytes(skb, offset, (__u8 *)halves + sizeof(halves) - length, length) < 0)
		return (struct number){};
	return (struct number){ .high = bpf_be64_to_cpu(halves[0]),
				.low = bpf_be64_to_cpu(halves[1]),
				.present = true };
}

static __always_inline struct number load_from_start(struct __sk_buff *skb, struct segment segment, __u32 offset,
						     const __u32 length)
{
	if (!segment.present)
		return (struct number){};
	if (length == 0)
		return (struct number){ .present = true };
	return load_at(skb, segment.start + offset, length);
}

static __always_inline struct number load_from_end(struct __sk_buff *skb, const struct packet *packet,
						   struct segment segment, __u32 offset, const __u32 length)
{
	if (!segment.present || packet->end - segment.start < offset)
		return (struct number){};
	return load_at(skb, packet->end - offset, length);
}

static __always_inline struct number load_length(const struct packet *packet, struct segment segment)
{
	return (struct number){ .low = packet->end - segment.start, .present = segment.present };
}

static __always_inline struct number load_l4proto(const struct packet *packet)
{
	return (struct number){ .low = packet->l4proto, .present = packet->has_l4proto };
}

static __always_inline bool at_least(struct number number, __u64 high, __u64 low)
{
	return number.high > high || (number.high == high && number.low >= low);
}

static __always_inline bool at_most(struct number number, __u64 high, __u64 low)
{
	return number.high < high || (number.high == high && number.low <= low);
}

#endif
