/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The name of the interface that the packet came in by. A socket filter is not given it: __sk_buff has the index alone. But
 * its context is the kernel's own sk_buff, which root may read with bpf_probe_read_kernel; where the members lie libbpf
 * knows from the running kernel's BTF. Only programs that call load_in_iface() need that BTF.
 */
#ifndef RAMPART_IN_IFACE_H
#define RAMPART_IN_IFACE_H

#include "packet.h"

#define IFNAMSIZ 16

/* Of the kernel's structs no more than what is read here: libbpf finds members by name. */
struct net_device {
	char name[IFNAMSIZ];
} __attribute__((preserve_access_index));

struct sk_buff {
	struct net_device *dev;
} __attribute__((preserve_access_index));

struct in_iface {
	__u8 name[IFNAMSIZ]; /* padded with NUL, at least one of them */
	bool present;
};

/* Behind the NUL of a device that has been renamed there are bytes of its old name: the string is read, not the array. */
static __always_inline struct in_iface read_in_iface(struct __sk_buff *skb)
{
	struct sk_buff *kernel_skb = (struct sk_buff *)skb;
	struct in_iface in_iface = {};
	struct net_device *dev;

	if (bpf_probe_read_kernel(&dev, sizeof(dev), &kernel_skb->dev) == 0 && dev)
		in_iface.present = bpf_probe_read_kernel_str(in_iface.name, IFNAMSIZ, &dev->name) > 0;
	return in_iface;
}

/* The padded name as one number of 16 bytes. */
static __always_inline struct number load_in_iface(struct __sk_buff *skb)
{
	struct in_iface in_iface = read_in_iface(skb);
	struct number number = { .present = in_iface.present };

#pragma clang loop unroll(full)
	for (__u32 i = 0; i < IFNAMSIZ; i++) {
		number.high = number.high << 8 | number.low >> 56;
		number.low = number.low << 8 | in_iface.name[i];
	}
	return number;
}

#endif
