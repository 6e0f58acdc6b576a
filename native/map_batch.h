// Many elements of a map in one system call, on a pool thread: filling a large LPM trie takes a second.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "bpf_map.h"

namespace rampart {

/** Keys and values laid end to end; `count` of each. */
struct MapBatch {
  SharedFileDescriptor fd;
  MapShape shape;
  std::string map_text;
  std::vector<uint8_t> keys;
  std::vector<uint8_t> values;
};

Napi::Promise updateMapBatch(Napi::Env env, MapBatch batch, uint64_t flags);
Napi::Promise deleteMapBatch(Napi::Env env, MapBatch batch);

/** Up to `count` elements from `cursor` (empty: from the start); resolves to { keys, values, count, cursor? }. */
Napi::Promise lookupMapBatch(Napi::Env env, MapBatch batch, std::vector<uint8_t> cursor, uint32_t count);

}  // namespace rampart
