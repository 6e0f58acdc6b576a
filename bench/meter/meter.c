// What a packet costs in the receive path of network namespaces:
//
//   meter LENGTH BURST ROUNDS CPU NAMESPACE=PACKETS...
//
// PACKETS is a file of packets of LENGTH bytes each, from the network header on. In every round each namespace gets a
// BURST of its packets, in random order of the namespaces, so that what disturbs the machine disturbs all; the round after
// takes the packets that follow. Two rounds before them warm the caches and are not told. Prints JSON: for every round
// the nanoseconds of one packet in each namespace, as the kernel has measured them. A namespace may be named again with
// another file, but not first with two: one device holds one program.

#define _GNU_SOURCE
#include "live-frames.h"

#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { WARM_UP = 2, MOST_LANES = 64, ARGUMENTS = 5 };

// A namespace and what is sent into it. Namespaces with one file share its program and its memory.
struct lane {
	const char *packets;
	struct source source;
	struct destination destination;
};

static uint32_t number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (end == text || *end != '\0' || value > UINT32_MAX)
		errx(2, "%s is no number", text);
	return value;
}

static void run_on(uint32_t cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) != 0)
		err(1, "sched_setaffinity to CPU %u", cpu);
	// Others wait while a burst runs.
	if (setpriority(PRIO_PROCESS, 0, -20) != 0)
		err(1, "setpriority");
}

static void shuffle(int *order, int length)
{
	for (int i = length - 1; i > 0; i--) {
		int j = random() % (i + 1);
		int other = order[i];
		order[i] = order[j];
		order[j] = other;
	}
}

static struct lane open_lane(char *argument, uint32_t length, const struct lane *others, int count)
{
	char *packets = strchr(argument, '=');
	if (packets == NULL)
		errx(2, "%s is not NAMESPACE=PACKETS", argument);
	*packets++ = '\0';
	struct lane lane = {.packets = packets, .destination = open_destination(argument)};
	for (int i = 0; i < count; i++)
		if (strcmp(others[i].packets, packets) == 0) {
			lane.source = others[i].source;
			return lane;
		}
	lane.source = open_source(packets, length);
	keep_attached(&lane.source, &lane.destination);
	return lane;
}

int main(int argc, char **argv)
{
	int count = argc - ARGUMENTS;
	if (count < 1 || count > MOST_LANES)
		errx(2, "usage: meter LENGTH BURST ROUNDS CPU NAMESPACE=PACKETS...");
	uint32_t length = number(argv[1]), burst = number(argv[2]), rounds = number(argv[3]);
	run_on(number(argv[4]));
	struct lane lanes[MOST_LANES];
	int order[MOST_LANES];
	for (int i = 0; i < count; i++) {
		lanes[i] = open_lane(argv[ARGUMENTS + i], length, lanes, i);
		order[i] = i;
	}

	printf("{\"sent\":%llu,\"rounds\":[", (unsigned long long)(rounds + WARM_UP) * burst);
	for (uint32_t round = 0; round < WARM_UP + rounds; round++) {
		uint32_t cost[MOST_LANES];
		shuffle(order, count);
		for (int i = 0; i < count; i++) {
			const struct lane *lane = &lanes[order[i]];
			cost[order[i]] = run(&lane->source, &lane->destination, (uint64_t)round * burst, burst);
		}
		if (round < WARM_UP)
			continue;
		for (int i = 0; i < count; i++)
			printf("%s%u", i > 0 ? "," : round > WARM_UP ? "],[" : "[", cost[i]);
	}
	printf("%s]}\n", rounds > 0 ? "]" : "");
	return 0;
}
