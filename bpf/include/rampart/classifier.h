/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * A bit-vector classifier. Each dimension turns a number of the packet into a class, each class has a row of bits, one for
 * each entry, and the first bit that the rows of all dimensions have is the entry that the packet meets. A row is its
 * summary, a bit for each of its words that is not 0, and the numbers of the blocks that have its words.
 *
 * The text that includes this has defined the sizes of the tables (CLASSIFIER_...) and defines find_rows() and, where some
 * entries ask the packet more than dimensions know, ask(). The tables lie in two slots; `control` says which one holds. It
 * is read again when all is decided: a slot is written to only after it has been left, so that a packet whose tables have
 * changed meanwhile sees another sequence, and is looked at again.
 */
#ifndef RAMPART_CLASSIFIER_H
#define RAMPART_CLASSIFIER_H

#include "packet.h"
#include "range.h"

/* Times that a packet is looked at while tables change under it; then it is dropped. */
#define CLASSIFIER_TRIES 4
/* Summary words, and candidates in each, that are looked at before the walk that calls a function for each step. */
#define CLASSIFIER_QUICK_SUMMARIES 2
#define CLASSIFIER_QUICK_CANDIDATES 8
/* Words of a mask with a bit for each opaque test. */
#define CLASSIFIER_TEST_WORDS ((CLASSIFIER_TESTS + 63) / 64)

#define CLASSIFIER_PASS 0
#define CLASSIFIER_DROP 1
#define CLASSIFIER_LOG 2
#define CLASSIFIER_NO_COUNTER 0xffffffff
/* No class is so great. */
#define MOST_CLASSES 0xffff

struct classifier_slot {
	__u8 bytes[CLASSIFIER_SLOT_BYTES];
};

struct classifier_control {
	__u64 sequence;
};

struct classifier_counter {
	__u64 packets;
	__u64 bytes;
};

/* What an entry does: the counter of its rule, or the rule's number among those that log. */
struct classifier_entry {
	__u32 number;
	__u16 test; /* + 1 */
	__u8 outcome;
	__u8 zero;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct classifier_slot);
} tables SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct classifier_control);
} control SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, CLASSIFIER_COUNTERS);
	__type(key, __u32);
	__type(value, struct classifier_counter);
} counters SEC(".maps");

#if CLASSIFIER_LOGGING_WORDS > 0
/* Of the packet that this processor is at: the rules in nftables behind the program read it. */
struct classifier_memo {
	__u64 drop;
	__u64 logged[CLASSIFIER_LOGGING_WORDS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct classifier_memo);
} memo SEC(".maps");
#endif

/* How far the packet's way through the entries has come. */
struct classifier_walk {
	__u64 rows[CLASSIFIER_DIMENSIONS]; /* bytes into the slot */
	__u64 candidates; /* words of the present summary word that are still to be looked at */
	__u64 bits; /* entries of the present word that are */
	__u32 summary;
	__u32 word;
	__u32 number; /* of the deciding entry's counter */
	__u32 outcome;
	struct packet packet;
#if CLASSIFIER_TESTS > 0
	__u64 known[CLASSIFIER_TEST_WORDS];
	__u64 held[CLASSIFIER_TEST_WORDS];
#endif
};

#if CLASSIFIER_WALK_IN_MAP
/* Where tests, or many dimensions, want the stack for themselves. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct classifier_walk);
} walks SEC(".maps");

#define CLASSIFIER_FUNCTION static __noinline
#else
#define CLASSIFIER_FUNCTION static __always_inline
#endif

/* What the functions that bpf_loop calls are given. */
struct classifier_context {
	struct __sk_buff *skb;
	const __u8 *slot;
	struct classifier_walk *walk;
};

/* 0, which a load that nobody may ask for would return, is what fails closed. */
enum classifier_rows { BROKEN_TABLES, ROWS_FOUND, NO_PACKET };

/* The row of each dimension's class. */
CLASSIFIER_FUNCTION enum classifier_rows find_rows(struct __sk_buff *skb, const __u8 *slot, struct classifier_walk *walk);
#if CLASSIFIER_TESTS > 0
static __always_inline bool ask(struct __sk_buff *skb, const struct packet *packet, __u32 test);
#endif

/* Loads before it are done before loads behind it. x86 keeps their order; elsewhere a value-returning atomic does. */
static __always_inline void order_loads(void)
{
#ifdef CLASSIFIER_WEAK_ORDER
	__u64 any = 0;
	register __u64 *where asm("r2") = &any;
	register __u64 nothing asm("r3") = 0;

	/* nothing = atomic_fetch_add(where, nothing), which clang spells only with -mcpu=v3 */
	asm volatile(".8byte 0x00000001000032db" : "+r"(nothing) : "r"(where) : "memory");
#else
	asm volatile("" ::: "memory");
#endif
}

static const __u8 classifier_bit_places[64] = {
	0,  1,	48, 2,	57, 49, 28, 3,	61, 58, 50, 42, 38, 29, 17, 4,	62, 55, 59, 36, 53, 51, 43, 22, 45, 39, 33, 30, 24, 18, 12, 5,
	63, 47, 56, 27, 60, 41, 37, 16, 54, 35, 52, 21, 44, 32, 23, 11, 46, 26, 40, 15, 34, 20, 31, 10, 25, 14, 19, 9,	13, 8,	7,  6,
};

/* Place of the lowest bit that is set, by a de Bruijn sequence: a search by branches multiplies the verifier's paths. */
static __always_inline __u64 lowest_bit(__u64 bits)
{
	return classifier_bit_places[((bits & -bits) * 0x03f79d71b4cb0a89ULL) >> 58] & 63;
}

/*
 * The same number, of which clang knows nothing any more: it would drop a check that only the verifier needs, check one
 * copy and go on with another, or make an `or` of a sum, of which the verifier knows less.
 */
static __always_inline __u64 hidden(__u64 number)
{
	asm volatile("" : "+r"(number));
	return number;
}

/*
 * 0, as nobody knows who has not seen `any`. Before 6.7 the verifier walks once through what bpf_loop calls, and takes out of
 * the program what that one time cannot come to, which is known of numbers on the stack: what a call leaves for the next one
 * must not begin with a constant.
 */
static __always_inline __u64 unknown_zero(__u64 any)
{
	return any - hidden(any);
}

/* offset and length are constants; the stack is read in aligned pieces only */
static __always_inline __u64 header_number(const __u8 *header, const __u32 offset, const __u32 length)
{
	__u64 number = 0;

	if (length == 8 && offset % 8 == 0)
		return bpf_be64_to_cpu(*(const __u64 *)(header + offset));
	if (length == 4 && offset % 4 == 0)
		return bpf_ntohl(*(const __u32 *)(header + offset));
	if (length == 2 && offset % 2 == 0)
		return bpf_ntohs(*(const __u16 *)(header + offset));
#pragma clang loop unroll(full)
	for (__u32 i = 0; i < length; i++)
		number = number << 8 | header[offset + i];
	return number;
}

static __noinline bool dissect_ip6_extensions(struct __sk_buff *skb, struct packet *packet)
{
	return dissect_ip6(skb, packet);
}

/* header: the first 40 bytes. Most packets have no extension header to walk over. */
static __always_inline bool dissect_ip6_header(struct __sk_buff *skb, const __u8 *header, struct packet *packet)
{
	__u8 nexthdr = header[6];

	if (is_walked(nexthdr) || nexthdr == NEXTHDR_AUTH)
		return dissect_ip6_extensions(skb, packet);
	packet->end = skb->len;
	packet->l4proto = nexthdr;
	packet->has_l4proto = true;
	packet->transport = IPV6_HEADER;
	packet->has_transport = true;
	return true;
}

/* length is a constant from 0 to 16 */
static __always_inline struct number load_header(const __u8 *header, const __u32 offset, const __u32 length)
{
	if (length <= 8)
		return (struct number){ .low = header_number(header, offset, length), .present = true };
	return (struct number){ .high = header_number(header, offset, length - 8),
				.low = header_number(header, offset + length - 8, 8),
				.present = true };
}

/* What follows looks into the slot at places that are constants, as capacities and numbers of bits are. */

/*
 * Class 0 of absent bytes stands behind the cells: were it a constant, the verifier would go on with one path for each
 * combination of fields that a packet has and has not.
 */
static __always_inline __u64 direct_class(const __u8 *slot, struct number number, const __u32 bits,
					  const __u64 cells_at)
{
	__u64 cell = 1ULL << bits;

	if (number.present)
		cell = hidden(number.low) & ((1ULL << bits) - 1);
	return *(const __u16 *)(slot + cells_at + 2 * cell);
}

struct search {
	__u32 bits;
	__u32 bucket_bits;
	__u32 start_bytes;
	__u32 steps;
	__u32 starts;
	__u64 buckets_at;
	__u64 starts_at;
	__u64 class_of_at;
};

/*
 * 1 where the start is not above the number, else 0; the difference of less than 64 bits has a sign of its own. Not all
 * ones: the verifier goes two ways where it sees 0 or all ones masked.
 */
static __always_inline __u64 is_reached(const __u8 *start, struct number number, const struct search search)
{
	if (search.start_bytes == 16)
		return hidden(1 ^ below(number, ((const __u64 *)start)[0], ((const __u64 *)start)[1]));
	if (search.start_bytes == 4)
		return hidden((__u64) * (const __u32 *)start - number.low - 1) >> 63;
	if (search.bits < 64)
		return hidden(*(const __u64 *)start - number.low - 1) >> 63;
	return hidden(1 ^ less(number.low, *(const __u64 *)start));
}

static __always_inline const __u8 *start_at(const __u8 *slot, __u64 interval, const struct search search)
{
	return slot + search.starts_at + interval * search.start_bytes;
}

/* Intervals to go on by, after a look at so many starts, a step from one another. */
static __always_inline __u64 reached_starts(const __u8 *start, const __u64 step, const __u32 looks, struct number number,
					    const struct search search)
{
	__u64 reached = 0;

#pragma clang loop unroll(full)
	for (__u32 look = 1; look <= looks; look++)
		reached += is_reached(start + look * step * search.start_bytes, number, search);
	return reached * step;
}

/*
 * The last interval that does not begin above the number: behind the last one there are fillers to step on. A look waits
 * for the one before it; three at once quarter what is left, so that a packet waits half as often, where looks are cheap.
 */
static __always_inline __u64 search_class(const __u8 *slot, struct number number, const struct search search)
{
	__u64 interval = 0;

	if (search.bucket_bits > 0) {
		number.low = hidden(number.low) & ((1ULL << search.bits) - 1);
		interval = *(const __u32 *)(slot + search.buckets_at +
					    4 * (number.low >> (search.bits - search.bucket_bits)));
		interval = hidden(interval);
		if (interval >= search.starts)
			return MOST_CLASSES;
		interval = hidden(interval);
	}
	if (search.start_bytes == 16) {
#pragma clang loop unroll(full)
		for (__u64 step = (1ULL << search.steps) / 2; step > 0; step /= 2)
			interval += reached_starts(start_at(slot, interval, search), step, 1, number, search);
	} else {
		if (search.steps % 2 == 1)
			interval += reached_starts(start_at(slot, interval, search), 1ULL << (search.steps - 1), 1, number, search);
#pragma clang loop unroll(full)
		for (__u64 step = (1ULL << (search.steps & ~1U)) / 4; step > 0; step /= 4)
			interval += reached_starts(start_at(slot, interval, search), step, 3, number, search);
	}
	if (!number.present)
		interval = search.starts + (1ULL << search.steps);
	return *(const __u16 *)(slot + search.class_of_at + 2 * interval);
}

struct classifier_blocks {
	__u32 at;
	__u32 mask;
};

/* Of each dimension. There is room for a power of two: any number is inside when it has been masked. */
static const struct classifier_blocks classifier_blocks[CLASSIFIER_DIMENSIONS] = { CLASSIFIER_BLOCKS };

enum row_part { SUMMARY, ENTRIES };

/* Dimensions, the first ones, that nearly always say it when a word has nothing in common. */
#define MOST_SELECTIVE 2

/* Place of the word in its block; the number of the block may be read from behind the row's end. */
static __always_inline __u64 place_in_block(const __u8 *slot, __u64 row, __u64 word, const __u32 dimension)
{
	__u64 number = *(const __u16 *)(slot + row + 8 * CLASSIFIER_SUMMARY_WORDS + 2 * (word / CLASSIFIER_BLOCK_WORDS));
	__u64 block = hidden(number) & classifier_blocks[dimension].mask;

	return classifier_blocks[dimension].at + 8 * (hidden(block * CLASSIFIER_BLOCK_WORDS) + word % CLASSIFIER_BLOCK_WORDS);
}

/*
 * What all rows have in this word of theirs. Of rows that come from a map or from before a loop the verifier has to be
 * told again that they are inside.
 */
static __always_inline __u64 intersection(const struct classifier_walk *walk, const __u8 *slot, const enum row_part part,
					  __u64 word, const bool known_inside)
{
	__u64 bits = ~0ULL;

#pragma clang loop unroll(full)
	for (__u32 i = 0; i < CLASSIFIER_DIMENSIONS; i++) {
		__u64 row = walk->rows[i];

		if (!known_inside) {
			row = hidden(row);
			if (row >= CLASSIFIER_ENTRIES_AT)
				return 0;
			row = hidden(row);
		}
		bits &= *(const __u64 *)(slot + (part == SUMMARY ? row + 8 * word : place_in_block(slot, row, word, i)));
		/* Now, while the row is in a register: 6.1 forgets how far a number was checked that goes to the stack. */
		if (!known_inside)
			bits = hidden(bits);
		if (part == ENTRIES && i == MOST_SELECTIVE - 1 && bits == 0)
			return 0;
	}
	return bits;
}

/* Functions of their own where tests, called from the same place, want the stack. */
CLASSIFIER_FUNCTION __u64 summary_in_walk(const struct classifier_walk *walk, const __u8 *slot, __u64 word)
{
	return intersection(walk, slot, SUMMARY, word, false);
}

CLASSIFIER_FUNCTION __u64 entries_in_walk(const struct classifier_walk *walk, const __u8 *slot, __u64 word)
{
	return intersection(walk, slot, ENTRIES, word, false);
}

/* There are records for as many words as the summary has bits, and rows may be read so far behind their end. */
static __always_inline const struct classifier_entry *entry_at(const __u8 *slot, __u64 entry)
{
	return (const struct classifier_entry *)(slot + CLASSIFIER_ENTRIES_AT) + entry;
}

#if CLASSIFIER_TESTS > 0
/* Each test is asked once for a packet. */
static __always_inline bool test_holds(struct __sk_buff *skb, struct classifier_walk *walk, __u32 test)
{
	__u64 word = hidden(test / 64);
	__u64 bit = 1ULL << (test & 63);

	if (word >= CLASSIFIER_TEST_WORDS)
		return false;
	word = hidden(word);
	if (!(walk->known[word] & bit)) {
		bool holds = ask(skb, &walk->packet, test);

		walk->known[word] |= bit;
		if (holds)
			walk->held[word] |= bit;
	}
	return walk->held[word] & bit;
}
#endif

static __always_inline void note_logging(__u32 number)
{
#if CLASSIFIER_LOGGING_WORDS > 0
	const __u32 zero = 0;
	struct classifier_memo *of_packet = bpf_map_lookup_elem(&memo, &zero);
	__u64 word = hidden(number / 64);

	if (of_packet && word < CLASSIFIER_LOGGING_WORDS)
		of_packet->logged[word] |= 1ULL << (number & 63);
#endif
}

/* One entry; whether it decides. */
static __always_inline bool meet(struct __sk_buff *skb, struct classifier_walk *walk,
				 const struct classifier_entry *entry)
{
	__u32 number = entry->number;
	__u32 outcome = entry->outcome;

#if CLASSIFIER_TESTS > 0
	if (entry->test != 0 && !test_holds(skb, walk, entry->test - 1))
		return false;
#endif
	if (CLASSIFIER_LOGGING_WORDS > 0 && outcome == CLASSIFIER_LOG) {
		note_logging(number);
		return false;
	}
	walk->number = number;
	walk->outcome = outcome;
	return true;
}

/* One entry, or on to the next word that may have one; returns 1 to end the walk. */
static long walk_step(__u32 index, struct classifier_context *context)
{
	struct classifier_walk *walk = context->walk;
	const __u8 *slot = context->slot;
	__u64 summary = hidden(walk->summary);
	__u64 word = hidden(walk->word);
	__u64 bits = walk->bits;

	if (bits != 0) {
		walk->bits = bits & (bits - 1);
		if (word >= 64 * CLASSIFIER_SUMMARY_WORDS)
			return 1;
		word = hidden(64 * hidden(word)) + lowest_bit(bits);
		return meet(context->skb, walk, entry_at(slot, word));
	}
	if (walk->candidates != 0) {
		summary = hidden(summary - 1);
		if (summary >= CLASSIFIER_SUMMARY_WORDS)
			return 1;
		word = hidden(64 * hidden(summary)) + lowest_bit(walk->candidates);
		walk->candidates &= walk->candidates - 1;
		walk->word = word;
		walk->bits = entries_in_walk(walk, slot, word);
		return 0;
	}
	if (summary >= CLASSIFIER_SUMMARY_WORDS)
		return 1;
	summary = hidden(summary);
	walk->candidates = summary_in_walk(walk, slot, summary);
	walk->summary = summary + 1;
	return 0;
}

static __always_inline void forget_last_packet(struct classifier_walk *walk)
{
#if CLASSIFIER_LOGGING_WORDS > 0
	const __u32 zero = 0;
	struct classifier_memo *of_packet = bpf_map_lookup_elem(&memo, &zero);

	if (of_packet)
		__builtin_memset(of_packet, 0, sizeof(*of_packet));
#endif
#if CLASSIFIER_TESTS > 0
	__builtin_memset(walk->known, 0, sizeof(walk->known));
	__builtin_memset(walk->held, 0, sizeof(walk->held));
#endif
}

/* Whether the entry decides by itself, with nothing to note and nothing to ask. */
static __always_inline bool is_plain(const struct classifier_entry *entry)
{
	if (CLASSIFIER_TESTS > 0 && entry->test != 0)
		return false;
	return CLASSIFIER_LOGGING_WORDS == 0 || entry->outcome != CLASSIFIER_LOG;
}

/*
 * The first candidates are looked at here, the others and all that is not plain by the walk. Whether it was enough. zero is
 * an unknown one.
 */
CLASSIFIER_FUNCTION bool decide(const __u8 *slot, struct classifier_walk *walk, __u64 zero)
{
	walk->number = CLASSIFIER_NO_COUNTER + zero;
	walk->outcome = CLASSIFIER_PASS + zero;
	walk->bits = zero;
#pragma clang loop unroll(full)
	for (__u32 summary = 0; summary < CLASSIFIER_QUICK_SUMMARIES && summary < CLASSIFIER_SUMMARY_WORDS; summary++) {
		__u64 candidates = intersection(walk, slot, SUMMARY, summary, !CLASSIFIER_WALK_IN_MAP);

#pragma clang loop unroll(disable)
		for (__u32 i = 0; i < CLASSIFIER_QUICK_CANDIDATES && candidates != 0; i++) {
			__u64 word = 64 * summary + lowest_bit(candidates);
			__u64 bits = intersection(walk, slot, ENTRIES, word, !CLASSIFIER_WALK_IN_MAP);

			candidates &= candidates - 1;
			if (bits != 0) {
				const struct classifier_entry *entry = entry_at(slot, hidden(64 * word) + lowest_bit(bits));

				if (is_plain(entry)) {
					walk->number = entry->number;
					walk->outcome = entry->outcome;
					return true;
				}
				walk->word = word;
				walk->bits = bits;
				break;
			}
		}
		walk->candidates = candidates + zero;
		walk->summary = summary + 1 + zero;
		if (walk->bits != 0 || candidates != 0)
			return false;
	}
	return CLASSIFIER_SUMMARY_WORDS <= CLASSIFIER_QUICK_SUMMARIES;
}

static __always_inline void count(struct __sk_buff *skb, __u32 number)
{
	struct classifier_counter *counter = bpf_map_lookup_elem(&counters, &number);

	if (counter) {
		counter->packets++;
		counter->bytes += skb->len;
	}
}

#if CLASSIFIER_LOGGING_WORDS > 0
struct logging_walk {
	struct __sk_buff *skb;
	const __u8 *slot;
	__u64 left;
	__u32 word;
	__u32 zero;
};

/* One logging rule that the packet met, or on to the next word; returns 1 to end the walk. */
static long count_logged(__u32 index, struct logging_walk *walk)
{
	const __u32 zero = 0;
	struct classifier_memo *of_packet = bpf_map_lookup_elem(&memo, &zero);
	__u64 word = hidden(walk->word);
	__u64 left = walk->left;

	if (left == 0) {
		if (!of_packet || word >= CLASSIFIER_LOGGING_WORDS)
			return 1;
		walk->left = of_packet->logged[word];
		walk->word = word + 1;
		return 0;
	}
	word = hidden(64 * (word - 1) + lowest_bit(left));
	if (word >= 64 * CLASSIFIER_LOGGING_WORDS)
		return 1;
	count(walk->skb, *(const __u32 *)(walk->slot + CLASSIFIER_LOGGING_AT + 4 * word));
	walk->left = left & (left - 1);
	return 0;
}

/* Which counter a logging rule has is the same in both slots, so it does not matter if they change now. */
static __noinline int count_all_logged(struct __sk_buff *skb, const __u8 *slot, bool drop)
{
	const __u32 zero = 0;
	struct classifier_memo *of_packet = bpf_map_lookup_elem(&memo, &zero);
	struct logging_walk walk = { .skb = skb, .slot = slot };
	__u64 any = 0;

	if (!of_packet)
		return 1;
	of_packet->drop = drop;
	for (__u32 i = 0; i < CLASSIFIER_LOGGING_WORDS; i++)
		any |= of_packet->logged[i];
	if (any == 0)
		return drop;
	walk.left = unknown_zero(any);
	walk.word = walk.left;
	bpf_loop(65 * CLASSIFIER_LOGGING_WORDS, count_logged, &walk, 0);
	return 1;
}
#endif

/* The tables changed under the packet again and again, or are none. */
static __always_inline int fail_closed(void)
{
#if CLASSIFIER_LOGGING_WORDS > 0
	const __u32 zero = 0;
	struct classifier_memo *of_packet = bpf_map_lookup_elem(&memo, &zero);

	if (of_packet) {
		__builtin_memset(of_packet, 0, sizeof(*of_packet));
		of_packet->drop = 1;
	}
#endif
	return 1;
}

/* 1 to drop the packet, or where rules log, for what nftables has to do with it; else 0. */
static __always_inline int classify(struct __sk_buff *skb)
{
	const __u32 zero = 0;
	struct classifier_control *now = bpf_map_lookup_elem(&control, &zero);
#if CLASSIFIER_WALK_IN_MAP
	struct classifier_walk *walk = bpf_map_lookup_elem(&walks, &zero);
#else
	struct classifier_walk on_stack;
	struct classifier_walk *walk = &on_stack;
#endif

	if (!now || !walk)
		return fail_closed();
	for (__u32 i = 0; i < CLASSIFIER_TRIES; i++) {
		__u64 sequence = *(volatile __u64 *)&now->sequence;
		__u32 number = sequence & 1;
		const __u8 *slot;

		order_loads();
		slot = bpf_map_lookup_elem(&tables, &number);
		if (!slot)
			return fail_closed();
		forget_last_packet(walk);
		switch (find_rows(skb, slot, walk)) {
		case NO_PACKET:
			return 0;
		case BROKEN_TABLES:
			return fail_closed();
		case ROWS_FOUND:
			break;
		}
		if (!decide(slot, walk, unknown_zero(sequence))) {
			struct classifier_context context = { .skb = skb, .slot = slot, .walk = walk };

			bpf_loop(CLASSIFIER_SUMMARY_WORDS + 65 * CLASSIFIER_ENTRY_WORDS, walk_step, &context, 0);
		}
		order_loads();
		if (*(volatile __u64 *)&now->sequence != sequence)
			continue;
		if (walk->number != CLASSIFIER_NO_COUNTER)
			count(skb, walk->number);
#if CLASSIFIER_LOGGING_WORDS > 0
		return count_all_logged(skb, slot, walk->outcome == CLASSIFIER_DROP);
#else
		return walk->outcome == CLASSIFIER_DROP;
#endif
	}
	return fail_closed();
}

#endif
