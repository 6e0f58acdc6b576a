// A failed system call as plain data, safe to make and carry on any thread, and its translation to the JS Error that
// src/native.ts declares as NativeError. Every function that JS calls runs inside facing(), the only place where C++
// exceptions turn into JS ones.
#pragma once

#include <napi.h>

#include <exception>
#include <new>
#include <string>
#include <system_error>

namespace rampart {

class ErrnoError : public std::exception {
 public:
  /** `number` is positive; `object` is what the call was about: a path, a name, "fd 7". */
  ErrnoError(int number, std::string syscall, std::string object);

  /** A BPF load, with what the verifier (or libbpf) said about it. */
  ErrnoError(int number, std::string syscall, std::string object, std::string verifier_log);

  const char* what() const noexcept override { return message_.c_str(); }
  int number() const { return number_; }

  /** The Error object; throws nothing itself. */
  Napi::Error toJs(Napi::Env env) const;

 private:
  int number_;
  std::string syscall_;
  std::string object_;
  std::string verifier_log_;
  std::string message_;
};

/** Runs the body of a function that JS called; a failure in it becomes a JS exception, never a dead process. */
template <typename Body>
auto facing(Napi::Env env, Body body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const ErrnoError& error) {
    throw error.toJs(env);
  } catch (const std::system_error& error) {
    throw ErrnoError(error.code().value(), "pthread_create", "own thread").toJs(env);
  } catch (const std::bad_alloc&) {
    throw ErrnoError(ENOMEM, "malloc", "process").toJs(env);
  } catch (const std::exception& error) {
    throw Napi::Error::New(env, error.what());
  }
}

}  // namespace rampart
