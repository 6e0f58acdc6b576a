// Tells, on the event loop of one environment, when a descriptor has something to read. It keeps the loop (and so the
// process) alive only between start() and the call-back. libuv closes its handles asynchronously, so the handle and the
// descriptor live on in a state of their own until it is done, whether close(), garbage collection or the end of a
// worker thread began it.
#pragma once

#include <napi.h>

#include <functional>

#include "file_descriptor.h"

namespace rampart {

class ReadablePoll {
 public:
  ReadablePoll(Napi::Env env, SharedFileDescriptor fd, std::function<void()> on_readable);
  ReadablePoll(const ReadablePoll&) = delete;
  ReadablePoll& operator=(const ReadablePoll&) = delete;
  ~ReadablePoll();

  /** One call of on_readable follows, on this environment's thread, also when the descriptor is in an error state. */
  void start();

 private:
  struct State;
  State* state_;  // null once libuv has closed the handle because the environment ended
};

}  // namespace rampart
