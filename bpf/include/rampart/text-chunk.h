/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The memory of each CPU that search.h copies the text into, a chunk at a time. */
#ifndef RAMPART_TEXT_CHUNK_H
#define RAMPART_TEXT_CHUNK_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "literal.h"

/* Bytes that are sifted together. */
#define SEARCH_BLOCK 64
/* Bytes fetched by one load: every program that searches has as many for each CPU. */
#define SEARCH_CHUNK 1024
/* Where the next chunk begins. A literal that begins before it lies whole in this one. */
#define SEARCH_STEP (SEARCH_CHUNK - SEARCH_BLOCK)

#define SEARCH_MOST_LITERALS 8

/* Words are read from places up to LITERAL_MOST beyond the chunk; what they have there is left over, and not looked at. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[SEARCH_CHUNK + 2 * LITERAL_MOST]);
} search_texts SEC(".maps");

static __always_inline __u8 *search_text(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&search_texts, &zero);
}

#endif
