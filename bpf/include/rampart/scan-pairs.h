/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Runs an automaton over the bytes of a segment, two of them a step: each step waits for the one before, so that half as
 * many take little more than half the time. The text that includes this has defined the tables of its automata before:
 *
 * pair_classes has 1,024 entries for each automaton: what a pair's first byte adds to the place of its state, from 256 on
 * what no byte adds, and from 512 on the same for its second byte. pair_next has a row for each state, with an entry for each
 * pair; the last one, of no bytes, says where the text's end leads. A state is the place of its row. All automata share
 * the state of having matched, in row 0. Both tables are filled up to a power of two.
 */
#ifndef RAMPART_SCAN_PAIRS_H
#define RAMPART_SCAN_PAIRS_H

#include "packet.h"
#include "table.h"
#include "text-chunk.h"

#define PAIR_MATCHED 0
#define PAIR_NO_BYTE 256
#define PAIR_SECOND 512

/* Bytes for which bpf_loop calls once. */
#define PAIR_BLOCK 64

struct pair_walk {
	struct __sk_buff *skb;
	__u32 start;
	__u32 end;
	__u32 classes;
	__u32 state;
	bool broken; /* a load failed: no match */
};

static __always_inline __u64 pair_class(__u64 classes, __u64 byte)
{
	return pair_classes[INSIDE(classes + byte, pair_classes)];
}

/*
 * PAIR_NO_BYTE more behind the last byte: the difference's sign, hidden from clang, which would make a branch of it. One
 * for every byte of a block is too many ways to the verifier.
 */
static __always_inline __u64 byte_or_none(const __u8 *text, __u64 i, __u64 left)
{
	__u64 behind = left - 1 - i;

	asm volatile("" : "+r"(behind));
	return text[i] | (behind >> 55 & PAIR_NO_BYTE);
}

/* The place comes from bpf_loop's index, so that the verifier walks through here once and not for each place. */
static long scan_pairs_of_block(__u32 index, struct pair_walk *walk)
{
	__u32 at = walk->start + index * PAIR_BLOCK;
	__u32 left = at < walk->end ? walk->end - at : 0;
	__u32 in_chunk = (index * PAIR_BLOCK) & (TEXT_CHUNK - 1);
	__u64 classes = walk->classes;
	__u64 state = walk->state;
	__u8 *text = text_chunk();

	if (left == 0 || !text)
		return 1;
	if (in_chunk == 0) {
		__u32 length = left > TEXT_CHUNK ? TEXT_CHUNK : left;

		/* Says 1 to TEXT_CHUNK to the verifier again, which has lost it in clang's 32-bit comparisons. */
		asm volatile("" : "+r"(length));
		length = ((length - 1) & (TEXT_CHUNK - 1)) + 1;
		if (bpf_skb_load_bytes(walk->skb, at, text, length) < 0) {
			walk->broken = true;
			return 1;
		}
	}
	text += in_chunk & (TEXT_CHUNK - PAIR_BLOCK);
#pragma clang loop unroll_count(4)
	for (__u32 i = 0; i < PAIR_BLOCK; i += 2) {
		__u64 first = pair_class(classes, byte_or_none(text, i, left));
		__u64 second = pair_class(classes + PAIR_SECOND, byte_or_none(text, i + 1, left));

		state = pair_next[INSIDE(state + first + second, pair_next)];
	}
	walk->state = state;
	return state == PAIR_MATCHED;
}

/* scan() of scan.h */
__weak __noinline bool scan_pairs(struct __sk_buff *skb, __u32 start, __u32 end, __u32 classes, __u32 state)
{
	struct pair_walk walk = { .skb = skb, .start = start, .end = end, .classes = classes, .state = state };
	__u32 no_bytes = pair_class(classes, PAIR_NO_BYTE) + pair_class(classes + PAIR_SECOND, PAIR_NO_BYTE);

	bpf_loop((end - start) / PAIR_BLOCK + 1, scan_pairs_of_block, &walk, 0);
	return !walk.broken && pair_next[INSIDE(walk.state + no_bytes, pair_next)] == PAIR_MATCHED;
}

#endif
