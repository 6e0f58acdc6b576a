// uv_poll_t on the environment's own loop. The clean-up hook is of the asynchronous kind because a worker's loop may
// only be destroyed after every handle's close call-back has run.

#include "readable_poll.h"

#include <uv.h>

namespace rampart {

struct ReadablePoll::State {
  uv_poll_t handle = {};
  ReadablePoll* owner = nullptr;
  SharedFileDescriptor fd;
  std::function<void()> on_readable;
  napi_async_cleanup_hook_handle cleanup = nullptr;

  uv_handle_t* uvHandle() { return reinterpret_cast<uv_handle_t*>(&handle); }

  void beginClose() {
    on_readable = nullptr;
    if (!uv_is_closing(uvHandle())) uv_close(uvHandle(), closed);
  }

  static void closed(uv_handle_t* handle) {
    auto* state = static_cast<State*>(handle->data);
    if (state->owner != nullptr) state->owner->state_ = nullptr;
    napi_remove_async_cleanup_hook(state->cleanup);
    delete state;
  }

  static void environmentEnds(napi_async_cleanup_hook_handle, void* data) { static_cast<State*>(data)->beginClose(); }

  // The status is left alone: libuv reports EPOLLERR as EBADF, while the error itself (ENOBUFS of an overrun netlink
  // socket, say) is what the next recv() returns.
  static void ready(uv_poll_t* handle, int, int) {
    auto* state = static_cast<State*>(handle->data);
    uv_poll_stop(handle);
    const std::function<void()> on_readable = state->on_readable;
    if (on_readable) on_readable();
  }
};

ReadablePoll::ReadablePoll(Napi::Env env, SharedFileDescriptor fd, std::function<void()> on_readable) {
  uv_loop_s* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) throw ErrnoError(ENOTSUP, "napi_get_uv_event_loop", "environment");
  auto state = std::make_unique<State>();
  const int failure = uv_poll_init(loop, &state->handle, fd->number());
  if (failure < 0) throw ErrnoError(-failure, "uv_poll_init", "fd " + std::to_string(fd->number()));
  state_ = state.release();
  state_->handle.data = state_;
  state_->owner = this;
  state_->fd = std::move(fd);
  state_->on_readable = std::move(on_readable);
  napi_add_async_cleanup_hook(env, State::environmentEnds, state_, &state_->cleanup);
}

ReadablePoll::~ReadablePoll() {
  if (state_ == nullptr) return;
  state_->owner = nullptr;
  state_->beginClose();
}

void ReadablePoll::start() {
  if (state_ == nullptr || uv_is_closing(state_->uvHandle())) return;
  uv_poll_start(&state_->handle, UV_READABLE, State::ready);
}

}  // namespace rampart
