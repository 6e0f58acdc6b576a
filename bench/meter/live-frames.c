// BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES: the frames are real ones, built into an skb and given to ip_rcv.
// The kernel uses them again without a reset, so the program writes the whole frame every time: what the path under test
// has rewritten does not come back. The program is written here as instructions: it needs neither compiler nor libbpf.

#define _GNU_SOURCE
#include "live-frames.h"

#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ETHERNET = 14, LARGEST = 1500, BATCH = 64 };

static int bpf(int command, union bpf_attr *attributes)
{
	return syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

// An array whose elements, each padded to 8 bytes, are memory of this process too.
static int create_array(uint32_t value_size, uint32_t entries, void **memory)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = value_size,
		.max_entries = entries,
		.map_flags = BPF_F_MMAPABLE,
	};
	int fd = bpf(BPF_MAP_CREATE, &attributes);
	if (fd < 0)
		err(1, "bpf(BPF_MAP_CREATE) of %u elements", entries);
	size_t bytes = (size_t)entries * ((value_size + 7) & ~7u);
	*memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (*memory == MAP_FAILED)
		err(1, "mmap of %zu bytes", bytes);
	return fd;
}

static uint32_t read_packets(const char *file, uint32_t length, int *map)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (fd < 0 || fstat(fd, &status) != 0)
		err(1, "%s", file);
	uint32_t count = status.st_size / length;
	if (count == 0 || status.st_size % length != 0)
		errx(1, "%s: not a number of packets of %u bytes", file, length);
	void *memory;
	*map = create_array(length, count, &memory);
	FILE *stream = fdopen(fd, "rb");
	for (uint32_t i = 0; i < count; i++)
		if (fread((char *)memory + (size_t)i * ((length + 7) & ~7u), length, 1, stream) != 1)
			err(1, "%s", file);
	fclose(stream);
	return count;
}

struct program {
	struct bpf_insn instructions[512];
	uint32_t length;
};

static void emit(struct program *program, uint8_t code, uint8_t destination, uint8_t source, int16_t offset, int32_t immediate)
{
	program->instructions[program->length++] = (struct bpf_insn){
		.code = code, .dst_reg = destination, .src_reg = source, .off = offset, .imm = immediate,
	};
}

// r0 = the address of the element of `map` whose number is on the stack at -4.
static void emit_lookup(struct program *program, int map)
{
	emit(program, BPF_ALU64 | BPF_MOV | BPF_X, 2, 10, 0, 0);
	emit(program, BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, -4);
	emit(program, BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_FD, 0, map);
	emit(program, 0, 0, 0, 0, 0);
	emit(program, BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_map_lookup_elem);
	emit(program, BPF_JMP | BPF_JNE | BPF_K, 0, 0, 2, 0);
	emit(program, BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP);
	emit(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

// frame[to..] (r6) = element[from..] (r0), in steps of at most `step` bytes: 8 and 4 on what is not aligned is fine on
// the machines that this runs on.
static void emit_copy(struct program *program, uint32_t length)
{
	static const struct { uint32_t bytes; uint8_t size; } STEPS[] = {{8, BPF_DW}, {4, BPF_W}, {2, BPF_H}, {1, BPF_B}};
	uint32_t at = 0;
	for (unsigned i = 0; i < sizeof STEPS / sizeof *STEPS; i++)
		for (; length - at >= STEPS[i].bytes; at += STEPS[i].bytes) {
			emit(program, BPF_LDX | BPF_MEM | STEPS[i].size, 1, 0, at, 0);
			emit(program, BPF_STX | BPF_MEM | STEPS[i].size, 6, 1, ETHERNET + at, 0);
		}
}

// Destination 02:00:00:00:00:02, source 02:00:00:00:00:01, EtherType by the version in the packet's first byte (r0).
static void emit_ethernet(struct program *program)
{
	static const uint16_t ADDRESSES[] = {0x0002, 0x0000, 0x0200, 0x0002, 0x0000, 0x0100};
	for (int i = 0; i < 6; i++)
		emit(program, BPF_ST | BPF_MEM | BPF_H, 6, 0, 2 * i, ADDRESSES[i]);
	emit(program, BPF_LDX | BPF_MEM | BPF_B, 1, 0, 0, 0);
	emit(program, BPF_ST | BPF_MEM | BPF_H, 6, 0, 12, 0x0008);
	emit(program, BPF_JMP | BPF_JLT | BPF_K, 1, 0, 1, 0x60);
	emit(program, BPF_ST | BPF_MEM | BPF_H, 6, 0, 12, 0xdd86);
}

static int load(const struct program *program)
{
	static char log[1 << 16];
	union bpf_attr attributes = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insns = (uintptr_t)program->instructions,
		.insn_cnt = program->length,
		.license = (uintptr_t)"GPL",
		.log_level = 1,
		.log_buf = (uintptr_t)log,
		.log_size = sizeof log,
	};
	int fd = bpf(BPF_PROG_LOAD, &attributes);
	if (fd < 0)
		err(1, "bpf(BPF_PROG_LOAD): %s", log);
	return fd;
}

struct source open_source(const char *file, uint32_t length)
{
	if (length < 20 || length > LARGEST)
		errx(1, "packets of %u bytes", length);
	int packets;
	struct source source = {.count = read_packets(file, length, &packets), .length = length};
	void *memory;
	int position = create_array(sizeof *source.position, 1, &memory);
	source.position = memory;

	struct program program = {.length = 0};
	// r6 = the frame; past data_end there is nothing to write to.
	emit(&program, BPF_LDX | BPF_MEM | BPF_W, 6, 1, 0, 0);
	emit(&program, BPF_LDX | BPF_MEM | BPF_W, 7, 1, 4, 0);
	emit(&program, BPF_ALU64 | BPF_MOV | BPF_X, 2, 6, 0, 0);
	emit(&program, BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, ETHERNET + length);
	emit(&program, BPF_JMP | BPF_JLE | BPF_X, 2, 7, 2, 0);
	emit(&program, BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_DROP);
	emit(&program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	emit(&program, BPF_ST | BPF_MEM | BPF_W, 10, 0, -4, 0);
	emit_lookup(&program, position);
	emit(&program, BPF_LDX | BPF_MEM | BPF_DW, 1, 0, 0, 0);
	emit(&program, BPF_ALU64 | BPF_MOV | BPF_X, 2, 1, 0, 0);
	emit(&program, BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, 1);
	emit(&program, BPF_STX | BPF_MEM | BPF_DW, 0, 2, 0, 0);
	emit(&program, BPF_ALU64 | BPF_MOD | BPF_K, 1, 0, 0, source.count);
	emit(&program, BPF_STX | BPF_MEM | BPF_W, 10, 1, -4, 0);
	emit_lookup(&program, packets);
	emit_ethernet(&program);
	emit_copy(&program, length);
	emit(&program, BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, XDP_PASS);
	emit(&program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	source.program = load(&program);
	return source;
}

static void enter(const struct destination *destination)
{
	if (setns(destination->netns, CLONE_NEWNET) != 0)
		err(1, "setns %s", destination->name);
}

struct destination open_destination(const char *name)
{
	char path[512];
	snprintf(path, sizeof path, "/run/netns/%s", name);
	struct destination destination = {.name = name, .netns = open(path, O_RDONLY | O_CLOEXEC)};
	if (destination.netns < 0)
		err(1, "%s", path);
	enter(&destination);
	destination.ifindex = if_nametoindex("in0");
	if (destination.ifindex == 0)
		errx(1, "network namespace %s has no device in0", name);
	return destination;
}

void keep_attached(const struct source *source, const struct destination *destination)
{
	enter(destination);
	union bpf_attr attributes = {
		.link_create = {
			.prog_fd = source->program,
			.target_ifindex = destination->ifindex,
			.attach_type = BPF_XDP,
			.flags = XDP_FLAGS_DRV_MODE,
		},
	};
	// Open until this process ends.
	if (bpf(BPF_LINK_CREATE, &attributes) < 0)
		err(1, "bpf(BPF_LINK_CREATE) on in0 of %s", destination->name);
}

uint32_t run(const struct source *source, const struct destination *destination, uint64_t position, uint32_t count)
{
	static uint8_t frame[ETHERNET + LARGEST];
	struct xdp_md context = {.data_end = ETHERNET + source->length, .ingress_ifindex = destination->ifindex};
	union bpf_attr attributes = {
		.test = {
			.prog_fd = source->program,
			.repeat = count,
			.flags = BPF_F_TEST_XDP_LIVE_FRAMES,
			.batch_size = BATCH,
			.data_in = (uintptr_t)frame,
			.data_size_in = ETHERNET + source->length,
			.ctx_in = (uintptr_t)&context,
			.ctx_size_in = sizeof context,
		},
	};
	*source->position = position;
	enter(destination);
	if (bpf(BPF_PROG_TEST_RUN, &attributes) != 0)
		err(1, "bpf(BPF_PROG_TEST_RUN) in %s", destination->name);
	return attributes.test.duration;
}
