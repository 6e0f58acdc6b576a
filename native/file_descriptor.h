// An owned file descriptor: closed once, by whoever holds it last. Sockets and BPF objects share one through
// SharedFileDescriptor, so that closing the JS object while a thread still works with the number cannot hand that
// thread somebody else's file.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "errno_error.h"

namespace rampart {

class FileDescriptor {
 public:
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  FileDescriptor& operator=(FileDescriptor&&) = delete;
  ~FileDescriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }

  /** Gives the number away: the receiver closes it. */
  int release() { return std::exchange(number_, -1); }

  /** Takes a just returned number, or turns -1 and errno into an error about `object`. */
  static FileDescriptor checked(int number, const char* syscall, const std::string& object) {
    if (number < 0) throw ErrnoError(errno, syscall, object);
    return FileDescriptor(number);
  }

  static FileDescriptor open(const std::string& path, int flags) {
    return checked(::open(path.c_str(), flags | O_CLOEXEC), "open", path);
  }

  static FileDescriptor duplicate(int number) {
    return checked(::fcntl(number, F_DUPFD_CLOEXEC, 0), "fcntl(F_DUPFD_CLOEXEC)", "fd " + std::to_string(number));
  }

 private:
  int number_;
};

using SharedFileDescriptor = std::shared_ptr<const FileDescriptor>;

}  // namespace rampart
