/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Is a constant string of bytes anywhere in a segment? Tried at every offset from the segment's start on. */
#ifndef RAMPART_SEARCH_H
#define RAMPART_SEARCH_H

#include "packet.h"

/* Bytes compared by one load; stack is what limits it. */
#define SEARCH_PIECE 32

struct search {
	struct __sk_buff *skb;
	__u32 start;
	bool found;
};

/*
 * Defines NAME(skb, packet, segment): true when the LENGTH bytes of the constant array NEEDLE are in the segment.
 * A macro, because bpf_loop's callback has to know the needle as a constant.
 */
#define DEFINE_SEARCH(NAME, NEEDLE, LENGTH)                                                                         \
	static long NAME##_at(__u32 index, struct search *search)                                                   \
	{                                                                                                           \
		__u8 piece[SEARCH_PIECE];                                                                           \
                                                                                                                    \
		for (__u32 done = 0; done < LENGTH; done += SEARCH_PIECE) {                                         \
			const __u32 size = LENGTH - done < SEARCH_PIECE ? LENGTH - done : SEARCH_PIECE;             \
			__u32 at = search->start + index + done;                                                    \
                                                                                                                    \
			if (size == SEARCH_PIECE ?                                                                  \
				    bpf_skb_load_bytes(search->skb, at, piece, SEARCH_PIECE) < 0 :                  \
				    bpf_skb_load_bytes(search->skb, at, piece, LENGTH % SEARCH_PIECE) < 0)          \
				return 1;                                                                           \
			for (__u32 i = 0; i < SEARCH_PIECE && i < size; i++)                                        \
				if (done + i < LENGTH && piece[i] != NEEDLE[done + i])                              \
					return 0;                                                                   \
		}                                                                                                   \
		search->found = true;                                                                               \
		return 1;                                                                                           \
	}                                                                                                           \
                                                                                                                    \
	static __always_inline bool NAME(struct __sk_buff *skb, const struct packet *packet, struct segment segment) \
	{                                                                                                           \
		struct search search = { .skb = skb, .start = segment.start };                                      \
                                                                                                                    \
		if (!segment.present || packet->end - segment.start < LENGTH)                                       \
			return false;                                                                               \
		bpf_loop(packet->end - segment.start - LENGTH + 1, NAME##_at, &search, 0);                          \
		return search.found;                                                                                \
	}

#endif
