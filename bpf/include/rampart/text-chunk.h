/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Memory of each CPU, into which a chunk of a text is copied to be read from there. Netfilter runs programs with softirqs
 * off, so that nobody else writes there meanwhile.
 */
#ifndef RAMPART_TEXT_CHUNK_H
#define RAMPART_TEXT_CHUNK_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "literal.h"

/* Bytes fetched by one load: every program that reads texts has as many for each CPU. */
#define TEXT_CHUNK 1024
/* Words are read from places up to LITERAL_MOST beyond the chunk; what they have there is left over, and not looked at. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[TEXT_CHUNK + 2 * LITERAL_MOST]);
} text_chunks SEC(".maps");

static __always_inline __u8 *text_chunk(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&text_chunks, &zero);
}

#endif
