// BPF_OBJ_GET_INFO_BY_FD, BPF_OBJ_GET and BPF_OBJ_PIN. The kernel answers the first for maps, programs, links and BTF
// alike, so the kind of descriptor is read from /proc, where the kernel names it.

#include "bpf_info.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <array>

namespace rampart {

namespace {

/** The link of an anonymous inode, such as "anon_inode:bpf-map" (kernel/bpf/syscall.c, bpf_map_new_fd). */
void requireKind(int fd, const std::string& kind) {
  const std::string object = "fd " + std::to_string(fd);
  const std::string path = "/proc/thread-self/fd/" + std::to_string(fd);
  std::array<char, 64> link = {};
  const ssize_t length = ::readlink(path.c_str(), link.data(), link.size());
  if (length < 0) throw ErrnoError(EBADF, "bpf(BPF_OBJ_GET_INFO_BY_FD)", object);
  if (std::string(link.data(), size_t(length)) != "anon_inode:" + kind) {
    throw ErrnoError(EINVAL, "bpf(BPF_OBJ_GET_INFO_BY_FD)", object + " as " + kind);
  }
}

template <typename Info>
Info infoOf(int fd, const std::string& kind) {
  requireKind(fd, kind);
  Info info = {};
  uint32_t size = sizeof info;
  if (bpf_obj_get_info_by_fd(fd, &info, &size) < 0) {
    throw ErrnoError(errno, "bpf(BPF_OBJ_GET_INFO_BY_FD)", kind);
  }
  return info;
}

}  // namespace

bpf_prog_info programInfo(int fd) { return infoOf<bpf_prog_info>(fd, "bpf-prog"); }

bpf_map_info mapInfo(int fd) { return infoOf<bpf_map_info>(fd, "bpf-map"); }

FileDescriptor openPinned(const std::string& path) {
  return FileDescriptor::checked(bpf_obj_get(path.c_str()), "bpf(BPF_OBJ_GET)", path);
}

void pinAt(int fd, const std::string& path) {
  if (bpf_obj_pin(fd, path.c_str()) < 0) throw ErrnoError(errno, "bpf(BPF_OBJ_PIN)", path);
}

}  // namespace rampart
