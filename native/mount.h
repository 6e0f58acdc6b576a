// Which file system is at a path, and mounting or unmounting one there.
#pragma once

#include <napi.h>

namespace rampart {

void exportMount(Napi::Env env, Napi::Object exports);

}  // namespace rampart
