// How long a command takes from just before its start to its end, without what starts this program:
//
//   timed NAMESPACE COMMAND ARGUMENT...
//
// runs it in a network namespace of /run/netns ("-": this one), as `nsenter --net` would, with its output to /dev/null.
// Prints the nanoseconds; fails where the command does.

#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static void enter(const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "/run/netns/%s", name);
	int netns = open(path, O_RDONLY | O_CLOEXEC);
	if (netns < 0 || setns(netns, CLONE_NEWNET) != 0)
		err(1, "%s", path);
	close(netns);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: timed NAMESPACE COMMAND ARGUMENT...");
	if (strcmp(argv[1], "-") != 0)
		enter(argv[1]);
	posix_spawn_file_actions_t actions;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);

	uint64_t start = now();
	pid_t child;
	int error = posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ);
	if (error != 0)
		errx(1, "%s: %s", argv[2], strerror(error));
	int status;
	if (waitpid(child, &status, 0) != child)
		err(1, "waitpid");
	uint64_t end = now();

	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		errx(1, "%s failed with status %d", argv[2], status);
	printf("%llu\n", (unsigned long long)(end - start));
	return 0;
}
