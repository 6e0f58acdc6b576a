/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Runs an automaton over an interface's name; the tables are those that scan.h describes. */
#ifndef RAMPART_SCAN_IN_IFACE_H
#define RAMPART_SCAN_IN_IFACE_H

#include "in-iface.h"
#include "scan.h"

__weak __noinline bool scan_in_iface(struct __sk_buff *skb, __u32 classes, __u32 state)
{
	struct in_iface in_iface = read_in_iface(skb);

#pragma clang loop unroll(full)
	for (__u32 i = 0; i < IFNAMSIZ; i++) {
		__u32 class = scan_classes[INSIDE(classes + in_iface.name[i], scan_classes)];

		/* SCAN_NO_BYTE for the NULs behind the name */
		class |= ~ones_if_below(0, in_iface.name[i]);
		state = scan_next[INSIDE(state + class, scan_next)];
	}
	return in_iface.present && scan_next[INSIDE(state + SCAN_END, scan_next)] == SCAN_MATCHED;
}

#endif
