// What a packet costs in the receive path of network namespaces:
//
//   meter PACKETS LENGTH BURST ROUNDS CPU NAMESPACE...
//
// PACKETS is a file of packets of LENGTH bytes each, from the network header on. In every round each namespace gets the
// same BURST of them, in random order of the namespaces, so that what disturbs the machine disturbs all; the round after
// takes the packets that follow. Two rounds before them warm the caches and are not told. Prints JSON: for every round
// the nanoseconds of one packet in each namespace, as the kernel has measured them.

#define _GNU_SOURCE
#include "live-frames.h"

#include <err.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { WARM_UP = 2, MOST_NAMESPACES = 64, ARGUMENTS = 6 };

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

int main(int argc, char **argv)
{
	int namespaces = argc - ARGUMENTS;
	if (namespaces < 1 || namespaces > MOST_NAMESPACES)
		errx(2, "usage: meter PACKETS LENGTH BURST ROUNDS CPU NAMESPACE...");
	uint32_t burst = number(argv[3]), rounds = number(argv[4]);
	run_on(number(argv[5]));
	struct source source = open_source(argv[1], number(argv[2]));
	struct destination destinations[MOST_NAMESPACES];
	int order[MOST_NAMESPACES];
	for (int i = 0; i < namespaces; i++) {
		destinations[i] = open_destination(argv[ARGUMENTS + i]);
		order[i] = i;
	}
	keep_attached(&source, &destinations[0]);

	printf("{\"packets\":%u,\"sent\":%llu,\"rounds\":[", source.count, (unsigned long long)(rounds + WARM_UP) * burst);
	for (uint32_t round = 0; round < WARM_UP + rounds; round++) {
		uint32_t cost[MOST_NAMESPACES];
		shuffle(order, namespaces);
		for (int i = 0; i < namespaces; i++)
			cost[order[i]] = run(&source, &destinations[order[i]], (uint64_t)round * burst, burst);
		if (round < WARM_UP)
			continue;
		for (int i = 0; i < namespaces; i++)
			printf("%s%u", i > 0 ? "," : round > WARM_UP ? "],[" : "[", cost[i]);
	}
	printf("%s]}\n", rounds > 0 ? "]" : "");
	return 0;
}
