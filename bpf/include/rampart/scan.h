/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Runs an automaton over the bytes of a segment: a class for each byte, a next state for each state and class. The text
 * that includes this has defined the tables of all its automata before:
 *
 * scan_classes has 256 entries for each automaton. scan_next has a row for each state: where the text's end leads, where
 * no byte leads (back to the state), then where each class leads. A state is the place of its row's first class.
 */
#ifndef RAMPART_SCAN_H
#define RAMPART_SCAN_H

#include "packet.h"
#include "table.h"

/* The row of the state that all automata share: everything leads to itself. */
#define SCAN_MATCHED 2
#define SCAN_NO_BYTE -1
#define SCAN_END -2

/* Bytes fetched by one load. */
#define SCAN_CHUNK 64

struct scan_walk {
	struct __sk_buff *skb;
	__u32 start;
	__u32 end;
	__u32 classes;
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
 */
static long scan_chunk(__u32 index, struct scan_walk *walk)
{
	__u8 chunk[SCAN_CHUNK] = {};
	__u32 at = walk->start + index * SCAN_CHUNK;
	__u32 left = at < walk->end ? walk->end - at : 0;
	__u32 classes = walk->classes;
	__u32 state = walk->state;

	if (left > SCAN_CHUNK)
		left = SCAN_CHUNK;
	if (left == 0)
		return 1;
	/* Says 1 to 64 to the verifier again, which has lost it in clang's 32-bit comparisons. */
	asm volatile("" : "+r"(left));
	left = ((left - 1) & (SCAN_CHUNK - 1)) + 1;
	if (bpf_skb_load_bytes(walk->skb, at, chunk, left) < 0) {
		walk->broken = true;
		return 1;
	}
	for (__u32 i = 0; i < SCAN_CHUNK; i++) {
		__u32 class = scan_classes[INSIDE(classes + chunk[i], scan_classes)];

		/* SCAN_NO_BYTE behind the last byte */
		class |= ~ones_if_below(i, left);
		state = scan_next[INSIDE(state + class, scan_next)];
	}
	walk->state = state;
	return state == SCAN_MATCHED;
}

/*
 * Does the automaton that begins in `state` and has its classes at `classes` accept the bytes from start to end? Global,
 * so that the verifier walks through it once for the program and not for each call; weak, so that clang does not look
 * into it for the callers.
 */
__weak __noinline bool scan(struct __sk_buff *skb, __u32 start, __u32 end, __u32 classes, __u32 state)
{
	struct scan_walk walk = { .skb = skb, .start = start, .end = end, .classes = classes, .state = state };

	bpf_loop((end - start) / SCAN_CHUNK + 1, scan_chunk, &walk, 0);
	return !walk.broken && scan_next[INSIDE(walk.state + SCAN_END, scan_next)] == SCAN_MATCHED;
}

#endif
