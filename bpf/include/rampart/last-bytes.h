/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The last bytes of a segment as numbers, out of one load for all of them: sixteen bytes up to the packet's end. Where the
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

static __always_inline struct last_bytes load_last(struct __sk_buff *skb, const struct packet *packet,
						   struct segment segment)
{
	struct last_bytes last = {};

	if (!segment.present)
		return last;
	last.number = load_at(skb, packet->end - LAST_BYTES, LAST_BYTES);
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
