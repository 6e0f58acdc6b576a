// BPF_MAP_UPDATE_BATCH, BPF_MAP_DELETE_BATCH, BPF_MAP_LOOKUP_BATCH (Linux 5.6). The kernel reports how many elements it
// got through before an error; the message says so.

#include "map_batch.h"

#include <bpf/bpf.h>

#include <algorithm>

#include "argument.h"
#include "promise_work.h"

namespace rampart {

namespace {

struct LookedUp {
  std::vector<uint8_t> keys;
  std::vector<uint8_t> values;
  std::vector<uint8_t> cursor;
  uint32_t count;
  bool complete;
};

ErrnoError stopped(int failure, const char* syscall, const std::string& map, uint32_t done, uint32_t count) {
  return ErrnoError(-failure, syscall, map + " after " + std::to_string(done) + " of " + std::to_string(count));
}

Napi::Value toNumber(Napi::Env env, uint32_t& count) { return Napi::Number::New(env, count); }

Napi::Value toObject(Napi::Env env, LookedUp& found) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("keys", newBytes(env, found.keys.data(), found.keys.size()));
  object.Set("values", newBytes(env, found.values.data(), found.values.size()));
  object.Set("count", found.count);
  if (!found.complete) object.Set("cursor", newBytes(env, found.cursor.data(), found.cursor.size()));
  return object;
}

uint32_t countOf(const MapBatch& batch) { return uint32_t(batch.keys.size() / batch.shape.key_size); }

uint32_t update(const MapBatch& batch, uint64_t flags) {
  LIBBPF_OPTS(bpf_map_batch_opts, options);
  options.elem_flags = flags;
  const uint32_t wanted = countOf(batch);
  uint32_t count = wanted;
  const int fd = batch.fd->number();
  const int failure = bpf_map_update_batch(fd, batch.keys.data(), batch.values.data(), &count, &options);
  if (failure < 0) throw stopped(failure, "bpf(BPF_MAP_UPDATE_BATCH)", batch.map_text, count, wanted);
  return count;
}

uint32_t remove(const MapBatch& batch) {
  LIBBPF_OPTS(bpf_map_batch_opts, options);
  const uint32_t wanted = countOf(batch);
  uint32_t count = wanted;
  const int failure = bpf_map_delete_batch(batch.fd->number(), batch.keys.data(), &count, &options);
  if (failure < 0) throw stopped(failure, "bpf(BPF_MAP_DELETE_BATCH)", batch.map_text, count, wanted);
  return count;
}

LookedUp lookup(const MapBatch& batch, std::vector<uint8_t> cursor, uint32_t wanted) {
  LIBBPF_OPTS(bpf_map_batch_opts, options);
  LookedUp found = {};
  found.keys.resize(size_t(wanted) * batch.shape.key_size);
  found.values.resize(size_t(wanted) * batch.shape.value_size);
  found.cursor.resize(std::max<size_t>(batch.shape.key_size, sizeof(uint32_t)));  // a hash table's is a bucket number
  found.count = wanted;
  uint8_t* from = cursor.empty() ? nullptr : cursor.data();
  const int failure = bpf_map_lookup_batch(batch.fd->number(), from, found.cursor.data(), found.keys.data(),
                                           found.values.data(), &found.count, &options);
  if (failure < 0 && failure != -ENOENT) {
    throw stopped(failure, "bpf(BPF_MAP_LOOKUP_BATCH)", batch.map_text, 0, wanted);
  }
  found.complete = failure == -ENOENT;
  found.keys.resize(size_t(found.count) * batch.shape.key_size);
  found.values.resize(size_t(found.count) * batch.shape.value_size);
  return found;
}

}  // namespace

Napi::Promise updateMapBatch(Napi::Env env, MapBatch batch, uint64_t flags) {
  return PromiseWork<uint32_t>::run(env, [batch = std::move(batch), flags] { return update(batch, flags); }, toNumber);
}

Napi::Promise deleteMapBatch(Napi::Env env, MapBatch batch) {
  return PromiseWork<uint32_t>::run(env, [batch = std::move(batch)] { return remove(batch); }, toNumber);
}

Napi::Promise lookupMapBatch(Napi::Env env, MapBatch batch, std::vector<uint8_t> cursor, uint32_t count) {
  const auto work = [batch = std::move(batch), cursor = std::move(cursor), count] {
    return lookup(batch, cursor, count);
  };
  return PromiseWork<LookedUp>::run(env, work, toObject);
}

}  // namespace rampart
