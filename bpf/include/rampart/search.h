/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Looks for literals in a segment, eight bytes at a time: at some 0.1 ns a byte a tenth of what an automaton needs. The text
 * that includes this has defined the table `literals` before, filled up to a power of two.
 *
 * The segment is copied into memory that is each CPU's own, where unaligned words may be read: on the stack the verifier
 * takes aligned ones alone. Netfilter runs programs with softirqs off, so that nobody else writes there meanwhile.
 */
#ifndef RAMPART_SEARCH_H
#define RAMPART_SEARCH_H

#include "literal.h"
#include "packet.h"
#include "table.h"
#include "text-chunk.h"

/* Bytes that are sifted together. */
#define SEARCH_BLOCK 64
/* Where the next chunk begins. A literal that begins before it lies whole in this one. */
#define SEARCH_STEP (TEXT_CHUNK - SEARCH_BLOCK)

#define SEARCH_MOST_LITERALS 8

/* A byte in each of the eight of a word; the top bits of them. */
#define EVERY_BYTE 0x0101010101010101ULL
#define TOP_BITS 0x8080808080808080ULL

/* Words are compared with words of the text, in whatever order the machine has their bytes. */
static __always_inline __u64 word_at(const __u8 *bytes)
{
	return *(const __u64 *)bytes;
}

/*
 * Does the literal begin at one of the block's places? All of them are compared, without a branch: so the verifier walks
 * one way, and a text full of almost-literals costs no more than an automaton.
 */
__weak __noinline bool literal_in_block(__u32 at, __u32 length, __u32 number)
{
	const struct literal *literal = &literals[INSIDE(number, literals)];
	const __u8 *text = text_chunk();
	__u64 values[] = { word_at(literal->value), word_at(literal->value + 8) };
	__u64 masks[] = { word_at(literal->mask), word_at(literal->mask + 8) };
	__s64 last = (__s64)length - literal->length - at;
	__u64 found = 0;

	if (!text)
		return false;
	text += at & (TEXT_CHUNK - SEARCH_BLOCK);
#pragma clang loop unroll_count(8)
	for (__u32 i = 0; i < SEARCH_BLOCK; i++) {
		__u64 different = ((word_at(text + i) ^ values[0]) & masks[0]) |
				  ((word_at(text + i + 8) ^ values[1]) & masks[1]);

		/* The top bit: nothing is different, and the literal does not reach beyond the text. */
		found |= ~(different | -different) & ~(__u64)(last - i);
	}
	return found >> 63;
}

/*
 * Is the literal in the chunk that lies in the CPU's memory? Sifts a block by two of the literal's bytes: a byte of
 * `different` is 0 where both are right. `zeroes` has its top bit set, and that of some byte behind one, which is why a
 * block that is not empty has to be looked at.
 */
__weak __noinline bool literal_in_chunk(__u32 length, __u32 number)
{
	const struct literal *literal = &literals[INSIDE(number, literals)];
	__u32 first = literal->first & (LITERAL_MOST - 1);
	__u32 second = literal->second & (LITERAL_MOST - 1);
	__u64 values[] = { literal->value[first] * EVERY_BYTE, literal->value[second] * EVERY_BYTE };
	__u64 masks[] = { literal->mask[first] * EVERY_BYTE, literal->mask[second] * EVERY_BYTE };
	const __u8 *text = text_chunk();

	if (!text)
		return false;
	for (__u32 at = 0; at < SEARCH_STEP; at += SEARCH_BLOCK) {
		__u64 zeroes = 0;

		if (at >= length)
			break;
#pragma clang loop unroll(full)
		for (__u32 i = at; i < at + SEARCH_BLOCK; i += sizeof(__u64)) {
			__u64 different = ((word_at(text + first + i) ^ values[0]) & masks[0]) |
					  ((word_at(text + second + i) ^ values[1]) & masks[1]);

			zeroes |= (different - EVERY_BYTE) & ~different;
		}
		if (zeroes & TOP_BITS && literal_in_block(at, length, number))
			return true;
	}
	return false;
}

struct literal_search {
	struct __sk_buff *skb;
	__u32 start;
	__u32 end;
	__u32 number; /* of the first literal */
	__u32 count;
	bool found;
};

/* Places of the chunk from SEARCH_STEP on are looked at in the next one, in which what begins there lies whole. */
static long search_in_chunk(__u32 index, struct literal_search *search)
{
	__u32 at = search->start + index * SEARCH_STEP;
	__u32 left = at < search->end ? search->end - at : 0;
	__u8 *text = text_chunk();

	if (left > TEXT_CHUNK)
		left = TEXT_CHUNK;
	if (left == 0 || !text)
		return 1;
	/* Says 1 to TEXT_CHUNK to the verifier again, which has lost it in clang's 32-bit comparisons. */
	asm volatile("" : "+r"(left));
	left = ((left - 1) & (TEXT_CHUNK - 1)) + 1;
	if (bpf_skb_load_bytes(search->skb, at, text, left) < 0)
		return 1;
	for (__u32 i = 0; i < SEARCH_MOST_LITERALS && i < search->count; i++) {
		if (literal_in_chunk(left, search->number + i)) {
			search->found = true;
			return 1;
		}
	}
	return 0;
}

/* Has the segment one of `count` literals in it, that with the given number and those that follow? */
__weak __noinline bool search_literals(struct __sk_buff *skb, __u32 start, __u32 end, __u32 number, __u32 count)
{
	struct literal_search search = { .skb = skb, .start = start, .end = end, .number = number, .count = count };

	bpf_loop((end - start) / SEARCH_STEP + 1, search_in_chunk, &search, 0);
	return search.found;
}

#endif
