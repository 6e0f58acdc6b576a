// Checks what JS passes, one function per type that the kernel's calls take.

#include "argument.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace rampart {

namespace {

Napi::TypeError wanted(Napi::Value value, const char* name, const std::string& what) {
  return Napi::TypeError::New(value.Env(), std::string(name) + " must be " + what);
}

double integerArgument(Napi::Value value, const char* name, double low, double high) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (std::trunc(number) == number && number >= low && number <= high) return number;
  throw wanted(value, name, "an integer from " + std::to_string(int64_t(low)) + " to " + std::to_string(int64_t(high)));
}

}  // namespace

Napi::Object objectArgument(Napi::Value value, const char* name) {
  if (!value.IsObject()) throw wanted(value, name, "an object");
  return value.As<Napi::Object>();
}

uint16_t uint16Argument(Napi::Value value, const char* name) {
  return uint16_t(integerArgument(value, name, 0, std::numeric_limits<uint16_t>::max()));
}

uint32_t uint32Argument(Napi::Value value, const char* name) {
  return uint32_t(integerArgument(value, name, 0, std::numeric_limits<uint32_t>::max()));
}

int32_t int32Argument(Napi::Value value, const char* name) {
  using Limits = std::numeric_limits<int32_t>;
  return int32_t(integerArgument(value, name, Limits::min(), Limits::max()));
}

std::string stringArgument(Napi::Value value, const char* name) {
  if (!value.IsString()) throw wanted(value, name, "a string");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos) throw wanted(value, name, "a string without NUL characters");
  return text;
}

ByteView bytesArgument(Napi::Value value, const char* name) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw wanted(value, name, "a Uint8Array");
  }
  const auto bytes = value.As<Napi::Uint8Array>();
  return {bytes.Data(), bytes.ByteLength()};
}

ByteView sizedBytesArgument(Napi::Value value, const char* name, size_t size) {
  const ByteView bytes = bytesArgument(value, name);
  if (bytes.size == size) return bytes;
  throw wanted(value, name, "of " + std::to_string(size) + " bytes, not " + std::to_string(bytes.size));
}

std::vector<std::vector<uint8_t>> byteArraysArgument(Napi::Value value, const char* name) {
  if (!value.IsArray()) throw wanted(value, name, "an array of Uint8Array");
  const auto array = value.As<Napi::Array>();
  std::vector<std::vector<uint8_t>> all;
  for (uint32_t index = 0; index < array.Length(); index++) {
    const std::string element = std::string(name) + "[" + std::to_string(index) + "]";
    all.push_back(bytesArgument(array.Get(index), element.c_str()).copy());
  }
  return all;
}

Napi::Uint8Array newBytes(Napi::Env env, const uint8_t* data, size_t size) {
  Napi::Uint8Array bytes = Napi::Uint8Array::New(env, size);
  if (size > 0) std::memcpy(bytes.Data(), data, size);
  return bytes;
}

}  // namespace rampart
