// What the kernel says about a BPF program or map behind a descriptor, and pinning one at a path.
#pragma once

#include <linux/bpf.h>

#include <string>

#include "file_descriptor.h"

namespace rampart {

/** Throws EINVAL where the descriptor is something else. */
bpf_prog_info programInfo(int fd);
bpf_map_info mapInfo(int fd);

/** Opens what is pinned at `path`, whatever it is. */
FileDescriptor openPinned(const std::string& path);

void pinAt(int fd, const std::string& path);

}  // namespace rampart
