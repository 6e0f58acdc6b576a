// statfs(2), mount(2) and umount2(2) for src/ebpf/bpffs.ts, which knows what to mount and where.

#include "mount.h"

#include <sys/file.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include "argument.h"
#include "file_descriptor.h"

namespace rampart {

namespace {

/** f_type: the magic number of include/uapi/linux/magic.h, as an unsigned 32-bit value. */
Napi::Value filesystemMagic(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string path = stringArgument(info[0], "path");
    struct statfs status = {};
    if (::statfs(path.c_str(), &status) < 0) throw ErrnoError(errno, "statfs", path);
    return Napi::Number::New(info.Env(), uint32_t(status.f_type));
  });
}

bool isOn(const std::string& path, uint32_t magic) {
  struct statfs status = {};
  if (::statfs(path.c_str(), &status) < 0) throw ErrnoError(errno, "statfs", path);
  return uint32_t(status.f_type) == magic;
}

/**
 * mountFilesystem(type, target, data, magic): unless a file system with that magic number is there already; tells
 * whether it mounted. The lock keeps two processes from both finding none and hiding each other's behind a second one.
 */
Napi::Value mountFilesystem(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string type = stringArgument(info[0], "type");
    const std::string target = stringArgument(info[1], "target");
    const std::string data = stringArgument(info[2], "data");
    const uint32_t magic = uint32Argument(info[3], "magic");
    const FileDescriptor lock = FileDescriptor::open(target, O_RDONLY | O_DIRECTORY);
    if (::flock(lock.number(), LOCK_EX) < 0) throw ErrnoError(errno, "flock", target);
    if (isOn(target, magic)) return Napi::Boolean::New(info.Env(), false);
    const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RELATIME;
    if (::mount(type.c_str(), target.c_str(), type.c_str(), flags, data.c_str()) < 0) {
      throw ErrnoError(errno, "mount(" + type + ")", target);
    }
    return Napi::Boolean::New(info.Env(), true);
  });
}

Napi::Value unmountFilesystem(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string target = stringArgument(info[0], "target");
    if (::umount2(target.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) < 0) throw ErrnoError(errno, "umount2", target);
    return info.Env().Undefined();
  });
}

}  // namespace

void exportMount(Napi::Env env, Napi::Object exports) {
  exports.Set("filesystemMagic", Napi::Function::New(env, filesystemMagic, "filesystemMagic"));
  exports.Set("mountFilesystem", Napi::Function::New(env, mountFilesystem, "mountFilesystem"));
  exports.Set("unmountFilesystem", Napi::Function::New(env, unmountFilesystem, "unmountFilesystem"));
}

}  // namespace rampart
