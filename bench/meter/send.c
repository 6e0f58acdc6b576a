// Sends every packet of a file once into a network namespace, in order:
//
//   send PACKETS LENGTH NAMESPACE
//
// PACKETS is a file of packets of LENGTH bytes each, from the network header on.

#include "live-frames.h"

#include <err.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: send PACKETS LENGTH NAMESPACE");
	struct source source = open_source(argv[1], strtoul(argv[2], NULL, 10));
	struct destination destination = open_destination(argv[3]);
	keep_attached(&source, &destination);
	run(&source, &destination, 0, source.count);
	return 0;
}
