// A BPF map: a descriptor of the kernel's object with its shape, held until close() or garbage collection. Keys and
// values are bytes of exactly the map's sizes; a per-CPU value is one value per possible CPU, each padded to 8 bytes.
#pragma once

#include <linux/bpf.h>
#include <napi.h>

#include <vector>

#include "file_descriptor.h"

namespace rampart {

/** The sizes that the kernel will read and write, whatever JS passes. */
struct MapShape {
  uint32_t type;
  uint32_t key_size;
  uint32_t value_size;  // in bytes as they cross the system call
  uint32_t max_entries;
};

class BpfMap : public Napi::ObjectWrap<BpfMap> {
 public:
  /** Also gives the functions createMap and openPinnedMap. Returns the class. */
  static Napi::Function exportClass(Napi::Env env, Napi::Object exports);

  /** new BpfMap(fd): takes a duplicate of the descriptor, which must be a BPF map's. */
  explicit BpfMap(const Napi::CallbackInfo& info);

 private:
  Napi::Value fd(const Napi::CallbackInfo& info);
  Napi::Value pin(const Napi::CallbackInfo& info);
  Napi::Value info(const Napi::CallbackInfo& info);
  Napi::Value lookup(const Napi::CallbackInfo& info);
  Napi::Value update(const Napi::CallbackInfo& info);
  Napi::Value remove(const Napi::CallbackInfo& info);
  Napi::Value nextKey(const Napi::CallbackInfo& info);
  Napi::Value updateBatch(const Napi::CallbackInfo& info);
  Napi::Value lookupBatch(const Napi::CallbackInfo& info);
  Napi::Value deleteBatch(const Napi::CallbackInfo& info);
  Napi::Value mmap(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  const SharedFileDescriptor& openDescriptor() const;
  int openNumber() const { return openDescriptor()->number(); }

  SharedFileDescriptor fd_;
  MapShape shape_ = {};
  std::string text_ = "BpfMap";
};

}  // namespace rampart
