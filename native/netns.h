// Network namespaces: making and removing named ones as `ip netns add` and `ip netns delete` do, and opening things as
// seen from one. Nothing here changes a namespace of the calling thread; the mount namespace is never changed at all,
// because pinned BPF paths are resolved in that of the thread which sends them to the kernel.
#pragma once

#include <napi.h>

#include <functional>

#include "file_descriptor.h"

namespace rampart {

/** A network namespace as JS names it: a path, an open fd, or (undefined) the caller's own. */
class NetnsReference {
 public:
  static NetnsReference fromArgument(Napi::Value value, const char* name);

  /** Runs `open` in that namespace and returns the descriptor it made. */
  FileDescriptor inside(const std::function<FileDescriptor()>& open) const;

 private:
  enum class Kind { own, path, fd };
  NetnsReference(Kind kind, std::string path, int fd) : kind_(kind), path_(std::move(path)), fd_(fd) {}

  FileDescriptor openNamespace() const;
  std::string text() const;

  Kind kind_;
  std::string path_;
  int fd_;
};

void exportNetns(Napi::Env env, Napi::Object exports);

}  // namespace rampart
