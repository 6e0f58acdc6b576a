// Equivalents: createNamespace `ip netns add NAME`, deleteNamespace `ip netns delete NAME`, openFileInNetns
// `ip netns exec NAME cat PATH`. The directory is locked, made a shared mount and filled in the order iproute2 does it
// (ip/ipnetns.c), so both may work on it at once.

#include "netns.h"

#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "argument.h"
#include "own_thread.h"

namespace rampart {

NetnsReference NetnsReference::fromArgument(Napi::Value value, const char* name) {
  if (value.IsUndefined()) return {Kind::own, "", -1};
  if (value.IsString()) return {Kind::path, stringArgument(value, name), -1};
  if (value.IsNumber()) return {Kind::fd, "", int32Argument(value, name)};
  throw Napi::TypeError::New(value.Env(), std::string(name) + " must be a path, a file descriptor or undefined");
}

FileDescriptor NetnsReference::inside(const std::function<FileDescriptor()>& open) const {
  if (kind_ == Kind::own) return open();
  const FileDescriptor netns = openNamespace();
  return onOwnThread([&] {
    if (::setns(netns.number(), CLONE_NEWNET) < 0) throw ErrnoError(errno, "setns", text());
    return open();
  });
}

FileDescriptor NetnsReference::openNamespace() const {
  return kind_ == Kind::path ? FileDescriptor::open(path_, O_RDONLY) : FileDescriptor::duplicate(fd_);
}

std::string NetnsReference::text() const { return kind_ == Kind::path ? path_ : "fd " + std::to_string(fd_); }

namespace {

constexpr const char* run_directory = "/run/netns";

/** Other mount namespaces see a new namespace only if the directory's mount propagates: it has to be a shared one. */
void shareRunDirectory() {
  if (::mount("", run_directory, "none", MS_SHARED | MS_REC, nullptr) == 0) return;
  if (errno != EINVAL) throw ErrnoError(errno, "mount(MS_SHARED)", run_directory);
  // EINVAL: not a mount point yet.
  if (::mount(run_directory, run_directory, "none", MS_BIND | MS_REC, nullptr) < 0) {
    throw ErrnoError(errno, "mount(MS_BIND)", run_directory);
  }
  if (::mount("", run_directory, "none", MS_SHARED | MS_REC, nullptr) < 0) {
    throw ErrnoError(errno, "mount(MS_SHARED)", run_directory);
  }
}

void prepareRunDirectory() {
  if (::mkdir(run_directory, 0755) < 0 && errno != EEXIST) throw ErrnoError(errno, "mkdir", run_directory);
  // Two that both find no mount would stack two; iproute2 takes this lock too. Closing the descriptor releases it.
  const FileDescriptor lock = FileDescriptor::open(run_directory, O_RDONLY | O_DIRECTORY);
  if (::flock(lock.number(), LOCK_EX) < 0) throw ErrnoError(errno, "flock", run_directory);
  shareRunDirectory();
}

void unshareOnto(const std::string& path) {
  if (::unshare(CLONE_NEWNET) < 0) throw ErrnoError(errno, "unshare(CLONE_NEWNET)", path);
  if (::mount("/proc/thread-self/ns/net", path.c_str(), "none", MS_BIND, nullptr) < 0) {
    throw ErrnoError(errno, "mount(MS_BIND)", path);
  }
}

void createAt(const std::string& path) {
  prepareRunDirectory();
  FileDescriptor::checked(::open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), "open(O_EXCL)", path);
  try {
    onOwnThread([&] {
      unshareOnto(path);
      return true;
    });
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
}

void deleteAt(const std::string& path) {
  // EINVAL is a plain file that somebody's failed creation left there: it only needs the unlink.
  if (::umount2(path.c_str(), MNT_DETACH) < 0 && errno != EINVAL) throw ErrnoError(errno, "umount2", path);
  if (::unlink(path.c_str()) < 0) throw ErrnoError(errno, "unlink", path);
}

std::string namedPathArgument(Napi::Value value) {
  const std::string name = stringArgument(value, "name");
  const bool special = name.empty() || name == "." || name == "..";
  if (special || name.size() > 255 || name.find('/') != std::string::npos) {
    throw Napi::TypeError::New(value.Env(), "name must be a file name of 1 to 255 bytes without '/', not '.' or '..'");
  }
  return std::string(run_directory) + "/" + name;
}

Napi::Value createNamespace(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    createAt(namedPathArgument(info[0]));
    return info.Env().Undefined();
  });
}

Napi::Value deleteNamespace(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    deleteAt(namedPathArgument(info[0]));
    return info.Env().Undefined();
  });
}

Napi::Value openFileInNetns(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const NetnsReference netns = NetnsReference::fromArgument(info[0], "netns");
    const std::string path = stringArgument(info[1], "path");
    const int flags = int32Argument(info[2], "flags");
    FileDescriptor file = netns.inside([&] { return FileDescriptor::open(path, flags); });
    return Napi::Number::New(info.Env(), file.release());
  });
}

}  // namespace

void exportNetns(Napi::Env env, Napi::Object exports) {
  exports.Set("createNamespace", Napi::Function::New(env, createNamespace, "createNamespace"));
  exports.Set("deleteNamespace", Napi::Function::New(env, deleteNamespace, "deleteNamespace"));
  exports.Set("openFileInNetns", Napi::Function::New(env, openFileInNetns, "openFileInNetns"));
}

}  // namespace rampart
