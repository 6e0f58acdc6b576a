/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The last bytes of a segment as numbers, loaded once for all of them: up to sixteen bytes before the packet's end. Where the
 * segment is shorter the first ones are of the headers before it, of which there are always sixteen and more.
 */
#ifndef RAMPART_LAST_BYTES_H
#define RAMPART_LAST_BYTES_H

#include "packet.h"

#define LAST_BYTES 16

struct last_bytes {
	struct number number;
	__u32 length; /* of the segment */
};

static __always_inline __u64 two_words(struct __sk_buff *skb, __u32 offset)
{
	return load_word_inside(skb, offset) << 32 | load_word_inside(skb, offset + 4);
}

/* most: a constant from 1 to LAST_BYTES, the most that will be asked for */
static __always_inline struct last_bytes load_last(struct __sk_buff *skb, const struct packet *packet,
						   struct segment segment, const __u32 most)
{
	struct last_bytes last = {};

	if (!segment.present)
		return last;
	last.number.present = true;
	last.number.low = most > 4 ? two_words(skb, packet->end - 8) : load_word_inside(skb, packet->end - 4);
	if (most > 8)
		last.number.high = two_words(skb, packet->end - LAST_BYTES);
	last.length = packet->end - segment.start;
	return last;
}

/* The last `length` bytes: a constant from 1 to LAST_BYTES. */
static __always_inline struct number number_of_last(const struct last_bytes *last, const __u32 length)
{
	struct number number = last->number;

	if (last->length < length)
		return (struct number){};
	if (length <= 8)
		number.high = 0;
	else if (length < 16)
		number.high &= (1ULL << 8 * (length - 8)) - 1;
	if (length < 8)
		number.low &= (1ULL << 8 * length) - 1;
	return number;
}

#endif
