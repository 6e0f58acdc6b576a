// Checked arguments. JS is trusted with nothing: each function takes the value and the name a caller would recognise,
// and throws a TypeError that says both what was wanted and for which argument.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace rampart {

/** Bytes of a Uint8Array in place: valid only until JS runs again. */
struct ByteView {
  const uint8_t* data;
  size_t size;

  std::vector<uint8_t> copy() const { return {data, data + size}; }
};

Napi::Object objectArgument(Napi::Value value, const char* name);
uint16_t uint16Argument(Napi::Value value, const char* name);
uint32_t uint32Argument(Napi::Value value, const char* name);
int32_t int32Argument(Napi::Value value, const char* name);

/** A string without NUL, which would cut a path short in the kernel. */
std::string stringArgument(Napi::Value value, const char* name);

ByteView bytesArgument(Napi::Value value, const char* name);

/** As bytesArgument, and of exactly `size` bytes. */
ByteView sizedBytesArgument(Napi::Value value, const char* name, size_t size);

/** An array of Uint8Array, copied. */
std::vector<std::vector<uint8_t>> byteArraysArgument(Napi::Value value, const char* name);

/** A Uint8Array with its own copy of the bytes. */
Napi::Uint8Array newBytes(Napi::Env env, const uint8_t* data, size_t size);

}  // namespace rampart
