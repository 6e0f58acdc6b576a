// Names and texts come from glibc's tables, which are neither localised nor shared between threads; those that BPF and
// libbpf add are below.

#include "errno_error.h"

#include <bpf/libbpf.h>

#include <cstring>
#include <utility>

namespace rampart {

namespace {

struct NamedError {
  int number;
  const char* name;
  const char* text;
};

constexpr NamedError bpf_errors[] = {
    // include/linux/errno.h of the kernel; map and program types answer with it where an operation does not exist.
    {524, "ENOTSUPP", "Operation is not supported"},
    {LIBBPF_ERRNO__LIBELF, "LIBBPF_LIBELF", "libelf cannot read the object"},
    {LIBBPF_ERRNO__FORMAT, "LIBBPF_FORMAT", "Not a BPF object file"},
    {LIBBPF_ERRNO__ENDIAN, "LIBBPF_ENDIAN", "The object is of the other byte order"},
    {LIBBPF_ERRNO__INTERNAL, "LIBBPF_INTERNAL", "Internal error of libbpf"},
    {LIBBPF_ERRNO__RELOC, "LIBBPF_RELOC", "A relocation of the object failed"},
    {LIBBPF_ERRNO__PROGTYPE, "LIBBPF_PROGTYPE", "The kernel does not know this program type"},
};

const NamedError* bpfError(int number) {
  for (const NamedError& error : bpf_errors) {
    if (error.number == number) return &error;
  }
  return nullptr;
}

std::string nameOf(int number) {
  if (const NamedError* error = bpfError(number)) return error->name;
  const char* name = strerrorname_np(number);
  return name != nullptr ? name : "E" + std::to_string(number);
}

std::string textOf(int number) {
  if (const NamedError* error = bpfError(number)) return error->text;
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
