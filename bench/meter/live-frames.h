// Packets from a file into the receive path of a network namespace, as if they had come in by its device in0.

#ifndef RAMPART_BENCH_LIVE_FRAMES_H
#define RAMPART_BENCH_LIVE_FRAMES_H

#include <stdint.h>

// An XDP program that writes the next packet of the file into every frame and passes it on to the kernel.
struct source {
	int program;
	uint32_t count;      // packets in the file
	uint32_t length;     // bytes of each, from the network header on
	uint64_t *position;  // of the next packet, counted on for ever; the program takes it modulo count
};

// A namespace of /run/netns and its device in0.
struct destination {
	const char *name;
	int netns;
	uint32_t ifindex;
};

struct source open_source(const char *file, uint32_t length);
struct destination open_destination(const char *name);

// Without it every run changes the dispatcher of XDP programs and waits for RCU, some 24 ms.
void keep_attached(const struct source *, const struct destination *);

// Sends `count` packets from `position` on. Returns the kernel's nanoseconds for one of them.
uint32_t run(const struct source *, const struct destination *, uint64_t position, uint32_t count);

#endif
