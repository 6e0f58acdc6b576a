/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Membership of a number in a sorted array of disjoint closed ranges, for sets too long to spell out as comparisons. */
#ifndef RAMPART_RANGE_H
#define RAMPART_RANGE_H

#include "packet.h"

struct range {
	__u64 from_high;
	__u64 from_low;
	__u64 to_high;
	__u64 to_low;
};

/* 1 where a < b, else 0: the borrow of a subtraction. Hidden from clang, which would make branches of it. */
static __always_inline __u64 less(__u64 a, __u64 b)
{
	__u64 borrow = ((~a & b) | (~(a ^ b) & (a - b))) >> 63;

	asm volatile("" : "+r"(borrow));
	return borrow;
}

/*
 * 1 where the number is below, else 0: what the upper half borrows after the lower one. The verifier knows what stands in
 * constant arrays: it would go every way that a search with branches can take, and goes two ways where 0 or all ones is
 * masked with what it knows, hence the shift before the mask. Before 6.10 it knows nothing of an `or` of two numbers, hence
 * the sum of two that are never 1 together, which it is told by the last mask.
 */
static __always_inline __u64 below(struct number number, __u64 high, __u64 low)
{
	__u64 negative = (number.high - high - less(number.low, low)) >> 63;
	__u64 same_sign = ~(number.high ^ high) >> 63;
	__u64 borrow;

	asm volatile("" : "+r"(negative));
	borrow = ((~number.high & high) >> 63) + (same_sign & negative);
	asm volatile("" : "+r"(borrow));
	return borrow & 1;
}

/* Halves down to the last range that does not begin above the number. `count` is a power of two. */
static __always_inline bool in_ranges(struct number number, const struct range *ranges, const __u32 count)
{
	__u32 at = 0;

	for (__u32 half = count / 2; half > 0; half /= 2) {
		const struct range *middle = &ranges[(at + half) & (count - 1)];

		__u32 step = half * (1 - below(number, middle->from_high, middle->from_low));

		/* Or clang makes an `or` of the sum. */
		asm volatile("" : "+r"(step));
		at += step;
	}
	ranges += at & (count - 1);
	return at_least(number, ranges->from_high, ranges->from_low) && at_most(number, ranges->to_high, ranges->to_low);
}

#endif
