// What the addon keeps per JS environment (the main thread, each worker): the classes of the objects that other
// functions return. There are no other globals.
#pragma once

#include <napi.h>

namespace rampart {

class Environment {
 public:
  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  Environment(Napi::Function program, Napi::Function map)
      : program_(Napi::Persistent(program)), map_(Napi::Persistent(map)) {}

  /** Objects that hold a duplicate of the descriptor. */
  Napi::Object newProgram(int fd) const { return fromDescriptor(program_, fd); }
  Napi::Object newMap(int fd) const { return fromDescriptor(map_, fd); }

 private:
  static Napi::Object fromDescriptor(const Napi::FunctionReference& constructor, int fd) {
    return constructor.New({Napi::Number::New(constructor.Env(), fd)});
  }

  Napi::FunctionReference program_;
  Napi::FunctionReference map_;
};

}  // namespace rampart
