// Keeping other processes out of a file's folder.
#pragma once

#include <napi.h>

namespace rampart {

void exportFileLock(Napi::Env env, Napi::Object exports);

}  // namespace rampart
