// Names and texts come from glibc's tables, which are neither localised nor shared between threads, except for the one
// number that BPF returns and no user-space header knows.

#include "errno_error.h"

#include <cstring>
#include <utility>

namespace rampart {

namespace {

// include/linux/errno.h of the kernel; map and program types answer with it where an operation does not exist.
constexpr int kernel_enotsupp = 524;

std::string nameOf(int number) {
  if (number == kernel_enotsupp) return "ENOTSUPP";
  const char* name = strerrorname_np(number);
  return name != nullptr ? name : "E" + std::to_string(number);
}

std::string textOf(int number) {
  if (number == kernel_enotsupp) return "Operation is not supported";
  const char* text = strerrordesc_np(number);
  return text != nullptr ? text : "Unknown error";
}

}  // namespace

ErrnoError::ErrnoError(int number, std::string syscall, std::string object)
    : ErrnoError(number, std::move(syscall), std::move(object), "") {}

ErrnoError::ErrnoError(int number, std::string syscall, std::string object, std::string verifier_log)
    : number_(number),
      syscall_(std::move(syscall)),
      object_(std::move(object)),
      verifier_log_(std::move(verifier_log)),
      message_(syscall_ + " " + object_ + ": " + textOf(number) + " (" + nameOf(number) + ")") {}

Napi::Error ErrnoError::toJs(Napi::Env env) const {
  Napi::Error error = Napi::Error::New(env, message_);
  error.Set("code", Napi::String::New(env, nameOf(number_)));
  error.Set("errno", Napi::Number::New(env, number_));
  error.Set("syscall", Napi::String::New(env, syscall_));
  error.Set("object", Napi::String::New(env, object_));
  if (!verifier_log_.empty()) error.Set("verifierLog", Napi::String::New(env, verifier_log_));
  return error;
}

}  // namespace rampart
