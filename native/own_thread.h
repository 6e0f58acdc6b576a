// Runs a function on a short-lived thread of its own and waits for it. setns(2) and unshare(2) change the calling
// thread only, so what must happen inside another namespace happens on a thread that is thrown away after it: no path,
// failure included, can leave the event loop or a pool thread in the wrong namespace.
#pragma once

#include <exception>
#include <optional>
#include <thread>

namespace rampart {

template <typename Body>
auto onOwnThread(Body body) -> decltype(body()) {
  std::optional<decltype(body())> result;
  std::exception_ptr failure;
  std::thread([&] {
    try {
      result.emplace(body());
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

}  // namespace rampart
