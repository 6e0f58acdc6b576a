/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Runs an automaton over the bytes of a segment: a class for each byte, a next state for each state and class. */
#ifndef RAMPART_SCAN_H
#define RAMPART_SCAN_H

#include "packet.h"

#define SCAN_START 0
#define SCAN_MATCHED 1

/* Bytes fetched by one load. */
#define SCAN_CHUNK 64

struct scan {
	struct __sk_buff *skb;
	__u32 start;
	__u32 end;
	__u32 state;
	bool broken; /* a load failed: no match */
};

/*
 * All ones where a < b, both below 2^31. Computed, and hidden from clang, which would make a comparison of it: a branch
 * for every byte of a chunk is two thousand paths to the verifier.
 */
static __always_inline __u32 ones_if_below(__u32 a, __u32 b)
{
	__u32 difference = a - b;

	asm volatile("" : "+r"(difference));
	return (__u32)((__s32)difference >> 31);
}

/*
 * The place comes from bpf_loop's index and not from what the last call left: were it kept in the struct, the verifier
 * would walk through the callback once for each of the hundreds of places, as it needs them exactly for the load's size.
 *
 * Defines NAME(skb, packet, segment): does the automaton accept the segment? CLASSES has 256 entries. NEXT has a row of
 * WIDTH entries for each state, of which the last leads back to the state: the class of the bytes that a chunk has not.
 * NEXT and AT_END are filled up to a power of two, so that a mask keeps every index inside without a branch. A macro,
 * because bpf_loop's callback has to know its tables as constants.
 */
#define DEFINE_SCAN(NAME, CLASSES, NEXT, AT_END, WIDTH)                                                              \
	static long NAME##_chunk(__u32 index, struct scan *scan)                                                     \
	{                                                                                                            \
		__u8 chunk[SCAN_CHUNK] = {};                                                                         \
		__u32 at = scan->start + index * SCAN_CHUNK;                                                         \
		__u32 left = at < scan->end ? scan->end - at : 0;                                                    \
		__u32 state = scan->state;                                                                           \
                                                                                                                     \
		if (left > SCAN_CHUNK)                                                                               \
			left = SCAN_CHUNK;                                                                           \
		if (left == 0)                                                                                       \
			return 1;                                                                                    \
		/* Says 1 to 64 to the verifier again, which has lost it in clang's 32-bit comparisons. */           \
		asm volatile("" : "+r"(left));                                                                       \
		left = ((left - 1) & (SCAN_CHUNK - 1)) + 1;                                                          \
		if (bpf_skb_load_bytes(scan->skb, at, chunk, left) < 0) {                                            \
			scan->broken = true;                                                                         \
			return 1;                                                                                    \
		}                                                                                                    \
		for (__u32 i = 0; i < SCAN_CHUNK; i++) {                                                             \
			__u32 present = ones_if_below(i, left);                                                      \
			__u32 class = ((CLASSES)[chunk[i]] & present) | (((WIDTH) - 1) & ~present);                  \
                                                                                                                     \
			state = (NEXT)[(state * (WIDTH) + class) & (sizeof(NEXT) / sizeof(*(NEXT)) - 1)];            \
		}                                                                                                    \
		scan->state = state;                                                                                 \
		return state == SCAN_MATCHED;                                                                        \
	}                                                                                                            \
                                                                                                                     \
	static __always_inline bool NAME(struct __sk_buff *skb, const struct packet *packet, struct segment segment) \
	{                                                                                                            \
		struct scan scan = { .skb = skb, .start = segment.start, .end = packet->end, .state = SCAN_START };  \
                                                                                                                     \
		if (!segment.present)                                                                                \
			return false;                                                                                \
		bpf_loop((packet->end - segment.start) / SCAN_CHUNK + 1, NAME##_chunk, &scan, 0);                    \
		return !scan.broken && (AT_END)[scan.state & (sizeof(AT_END) - 1)];                                  \
	}

#endif
