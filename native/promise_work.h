// One piece of blocking work on a pool thread, answered with a Promise. The work sees no JS value; what it returns is
// turned into one on the environment's thread, and an ErrnoError it throws becomes the rejection.
#pragma once

#include <napi.h>

#include <exception>
#include <functional>
#include <optional>
#include <utility>

#include "errno_error.h"

namespace rampart {

/** The result of work that has none. */
struct Done {};

template <typename Result>
class PromiseWork : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result()>;
  using Convert = std::function<Napi::Value(Napi::Env, Result&)>;

  /** Queues the work; the returned Promise settles when it is done. */
  static Napi::Promise run(Napi::Env env, Work work, Convert convert) {
    auto* self = new PromiseWork(env, std::move(work), std::move(convert));
    const Napi::Promise promise = self->deferred_.Promise();
    self->Queue();
    return promise;
  }

 private:
  PromiseWork(Napi::Env env, Work work, Convert convert)
      : AsyncWorker(env), deferred_(env), work_(std::move(work)), convert_(std::move(convert)) {}

  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void OnOK() override {
    try {
      deferred_.Resolve(facing(Env(), [&] {
        if (failure_) std::rethrow_exception(failure_);
        return convert_(Env(), *result_);
      }));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::optional<Result> result_;
  std::exception_ptr failure_;
};

}  // namespace rampart
