// A loaded BPF program: a descriptor of the kernel's object, held until close() or garbage collection. Pins and rules
// hold references of their own.
#pragma once

#include <napi.h>

#include <string>

#include "file_descriptor.h"

namespace rampart {

class BpfProgram : public Napi::ObjectWrap<BpfProgram> {
 public:
  /** Also gives the function loadProgram and openPinnedProgram. Returns the class. */
  static Napi::Function exportClass(Napi::Env env, Napi::Object exports);

  /** new BpfProgram(fd): takes a duplicate of the descriptor, which must be a BPF program's. */
  explicit BpfProgram(const Napi::CallbackInfo& info);

 private:
  Napi::Value fd(const Napi::CallbackInfo& info);
  Napi::Value pin(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value testRun(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  int openNumber() const;

  SharedFileDescriptor fd_;
  std::string text_;
};

}  // namespace rampart
