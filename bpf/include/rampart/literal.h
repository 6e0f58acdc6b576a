/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What search.h looks for: up to 16 bytes, each of which may leave bits open, as letters of either case do. */
#ifndef RAMPART_LITERAL_H
#define RAMPART_LITERAL_H

#include <linux/types.h>

#define LITERAL_MOST 16

struct literal {
	__u8 value[LITERAL_MOST];
	__u8 mask[LITERAL_MOST]; /* 0 behind the last byte */
	__u32 length;
	/* Places of the two bytes that a text is sifted by, the rarest ones. They may be one. */
	__u32 first;
	__u32 second;
};

#endif
