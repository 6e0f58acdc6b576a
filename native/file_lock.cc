// flock(2) for src/file-lock.ts. The kernel gives the lock up with the last descriptor of the open file, however
// the process ends, so that it cannot be left behind.

#include "file_lock.h"

#include <sys/file.h>

#include <string>

#include "argument.h"
#include "errno_error.h"

namespace rampart {

namespace {

/** tryLockFile(fd): whether nobody else has it. Never blocks. */
Napi::Value tryLockFile(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const int32_t fd = int32Argument(info[0], "fd");
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return Napi::Boolean::New(info.Env(), true);
    if (errno == EWOULDBLOCK) return Napi::Boolean::New(info.Env(), false);
    throw ErrnoError(errno, "flock", "fd " + std::to_string(fd));
  });
}

}  // namespace

void exportFileLock(Napi::Env env, Napi::Object exports) {
  exports.Set("tryLockFile", Napi::Function::New(env, tryLockFile, "tryLockFile"));
}

}  // namespace rampart
