// The addon's face: what src/native.ts declares. C++ exceptions are enabled; ErrnoError (errno_error.h) is the only one
// of ours, and facing() turns it into a JS Error at every entry.

#include <napi.h>

#include "bpf_map.h"
#include "bpf_object.h"
#include "bpf_program.h"
#include "environment.h"
#include "file_lock.h"
#include "mount.h"
#include "netns.h"
#include "socket.h"

namespace rampart {

namespace {

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exportFileLock(env, exports);
  exportMount(env, exports);
  exportNetns(env, exports);
  Socket::exportClass(env, exports);
  BpfObject::exportClass(env, exports);
  const Napi::Function program = BpfProgram::exportClass(env, exports);
  const Napi::Function map = BpfMap::exportClass(env, exports);
  env.SetInstanceData(new Environment(program, map));
  return exports;
}

}  // namespace

NODE_API_MODULE(rampart_native, initialise)

}  // namespace rampart
