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

/* Binary search; 24 halvings reach 16 million ranges, more than a program's read-only data can hold. */
static __always_inline bool in_ranges(struct number number, const struct range *ranges, const __u32 count)
{
	__u32 low = 0, high = count;

	for (int i = 0; i < 24 && low < high; i++) {
		__u32 middle = (low + high) / 2;

		if (middle >= count)
			return false;
		if (!at_least(number, ranges[middle].from_high, ranges[middle].from_low))
			high = middle;
		else if (at_most(number, ranges[middle].to_high, ranges[middle].to_low))
			return true;
		else
			low = middle + 1;
	}
	return false;
}

#endif
