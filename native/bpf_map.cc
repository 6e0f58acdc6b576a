// The JS class BpfMap: single elements, and the map's memory. Sizes of keys and values are checked here, because the
// kernel reads and writes as many bytes as the map says, not as many as the caller has.

#include "bpf_map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <algorithm>

#include "argument.h"
#include "bpf_info.h"
#include "environment.h"
#include "map_batch.h"

namespace rampart {

namespace {

bool isPerCpu(uint32_t type) {
  return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
         type == BPF_MAP_TYPE_LRU_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
}

uint32_t roundedUp(uint32_t size, uint32_t unit) { return (size + unit - 1) / unit * unit; }

/** bpf_map_value_size() of kernel/bpf/syscall.c, which decides how much memory the kernel touches. */
uint32_t crossingValueSize(const bpf_map_info& map) {
  if (!isPerCpu(map.type)) return map.value_size;
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) throw ErrnoError(-cpus, "libbpf_num_possible_cpus", "/sys/devices/system/cpu/possible");
  return roundedUp(map.value_size, 8) * uint32_t(cpus);
}

bpf_map_info describe(int fd, MapShape& shape) {
  const bpf_map_info map = mapInfo(fd);
  shape = {map.type, map.key_size, crossingValueSize(map), map.max_entries};
  return map;
}

/** Bytes of one or more whole keys. */
ByteView wholeElementsArgument(Napi::Value value, const char* name, size_t element_size) {
  const ByteView bytes = bytesArgument(value, name);
  if (element_size > 0 && bytes.size > 0 && bytes.size % element_size == 0) return bytes;
  throw Napi::TypeError::New(value.Env(), std::string(name) + " must be of one or more elements of " +
                                              std::to_string(element_size) + " bytes, not of " +
                                              std::to_string(bytes.size) + " bytes");
}

/** An ArrayBuffer over the mapping, which owns it from here on. */
Napi::Value mappedArrayBuffer(Napi::Env env, void* memory, size_t size) {
  const auto unmap = [](napi_env, void* data, void* hint) { ::munmap(data, reinterpret_cast<size_t>(hint)); };
  napi_value buffer = nullptr;
  const napi_status status =
      napi_create_external_arraybuffer(env, memory, size, unmap, reinterpret_cast<void*>(size), &buffer);
  // On failure Node has already called unmap, and left a JS exception.
  if (status != napi_ok) throw Napi::Error::New(env);
  return Napi::Value(env, buffer);
}

Napi::Value createMap(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const Napi::Object map = objectArgument(info[0], "map");
    LIBBPF_OPTS(bpf_map_create_opts, options);
    const std::string name = stringArgument(map.Get("name"), "name");
    const uint32_t type = uint32Argument(map.Get("type"), "type");
    const uint32_t key_size = uint32Argument(map.Get("keySize"), "keySize");
    const uint32_t value_size = uint32Argument(map.Get("valueSize"), "valueSize");
    const uint32_t max_entries = uint32Argument(map.Get("maxEntries"), "maxEntries");
    options.map_flags = uint32Argument(map.Get("flags"), "flags");
    const Napi::Value inner = map.Get("innerMapFd");
    if (!inner.IsUndefined()) options.inner_map_fd = uint32Argument(inner, "innerMapFd");
    const int number = bpf_map_create(bpf_map_type(type), name.c_str(), key_size, value_size, max_entries, &options);
    const FileDescriptor fd = FileDescriptor::checked(number, "bpf(BPF_MAP_CREATE)", name);
    return Environment::of(info.Env()).newMap(fd.number());
  });
}

Napi::Value openPinnedMap(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const FileDescriptor fd = openPinned(stringArgument(info[0], "path"));
    return Environment::of(info.Env()).newMap(fd.number());
  });
}

}  // namespace

Napi::Function BpfMap::exportClass(Napi::Env env, Napi::Object exports) {
  exports.Set("createMap", Napi::Function::New(env, createMap, "createMap"));
  exports.Set("openPinnedMap", Napi::Function::New(env, openPinnedMap, "openPinnedMap"));
  return DefineClass(env, "BpfMap",
                     {
                         InstanceAccessor<&BpfMap::fd>("fd"),
                         InstanceMethod<&BpfMap::pin>("pin"),
                         InstanceMethod<&BpfMap::info>("info"),
                         InstanceMethod<&BpfMap::lookup>("lookup"),
                         InstanceMethod<&BpfMap::update>("update"),
                         InstanceMethod<&BpfMap::remove>("delete"),
                         InstanceMethod<&BpfMap::nextKey>("nextKey"),
                         InstanceMethod<&BpfMap::updateBatch>("updateBatch"),
                         InstanceMethod<&BpfMap::lookupBatch>("lookupBatch"),
                         InstanceMethod<&BpfMap::deleteBatch>("deleteBatch"),
                         InstanceMethod<&BpfMap::mmap>("mmap"),
                         InstanceMethod<&BpfMap::close>("close"),
                     });
}

BpfMap::BpfMap(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  facing(info.Env(), [&] {
    auto fd = std::make_shared<const FileDescriptor>(FileDescriptor::duplicate(int32Argument(info[0], "fd")));
    const bpf_map_info map = describe(fd->number(), shape_);
    text_ = map.name[0] != '\0' ? map.name : "map " + std::to_string(map.id);
    fd_ = std::move(fd);
  });
}

Napi::Value BpfMap::fd(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] { return Napi::Number::New(info.Env(), openNumber()); });
}

Napi::Value BpfMap::pin(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    pinAt(openNumber(), stringArgument(info[0], "path"));
    return info.Env().Undefined();
  });
}

Napi::Value BpfMap::info(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const bpf_map_info map = mapInfo(openNumber());
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("id", map.id);
    object.Set("type", map.type);
    object.Set("name", map.name);
    object.Set("keySize", map.key_size);
    object.Set("valueSize", map.value_size);
    object.Set("maxEntries", map.max_entries);
    object.Set("flags", map.map_flags);
    return object;
  });
}

/** The value, or undefined where the key is absent. */
Napi::Value BpfMap::lookup(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&]() -> Napi::Value {
    const int number = openNumber();
    const ByteView key = sizedBytesArgument(info[0], "key", shape_.key_size);
    std::vector<uint8_t> value(shape_.value_size);
    if (bpf_map_lookup_elem(number, key.data, value.data()) == 0) {
      return newBytes(info.Env(), value.data(), value.size());
    }
    if (errno == ENOENT) return info.Env().Undefined();
    throw ErrnoError(errno, "bpf(BPF_MAP_LOOKUP_ELEM)", text_);
  });
}

/** update(key, value, flags): BPF_ANY 0, BPF_NOEXIST 1, BPF_EXIST 2. */
Napi::Value BpfMap::update(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const int number = openNumber();
    const ByteView key = sizedBytesArgument(info[0], "key", shape_.key_size);
    const ByteView value = sizedBytesArgument(info[1], "value", shape_.value_size);
    const uint32_t flags = uint32Argument(info[2], "flags");
    if (bpf_map_update_elem(number, key.data, value.data, flags) < 0) {
      throw ErrnoError(errno, "bpf(BPF_MAP_UPDATE_ELEM)", text_);
    }
    return info.Env().Undefined();
  });
}

/** Whether the key was there. */
Napi::Value BpfMap::remove(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const ByteView key = sizedBytesArgument(info[0], "key", shape_.key_size);
    const bool removed = bpf_map_delete_elem(openNumber(), key.data) == 0;
    if (!removed && errno != ENOENT) throw ErrnoError(errno, "bpf(BPF_MAP_DELETE_ELEM)", text_);
    return Napi::Boolean::New(info.Env(), removed);
  });
}

/** nextKey(undefined) is the first key; undefined comes after the last. */
Napi::Value BpfMap::nextKey(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&]() -> Napi::Value {
    const int number = openNumber();
    const uint8_t* key = info[0].IsUndefined() ? nullptr : sizedBytesArgument(info[0], "key", shape_.key_size).data;
    std::vector<uint8_t> next(shape_.key_size);
    if (bpf_map_get_next_key(number, key, next.data()) == 0) return newBytes(info.Env(), next.data(), next.size());
    if (errno == ENOENT) return info.Env().Undefined();
    throw ErrnoError(errno, "bpf(BPF_MAP_GET_NEXT_KEY)", text_);
  });
}

Napi::Value BpfMap::updateBatch(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const SharedFileDescriptor& fd = openDescriptor();
    const ByteView keys = wholeElementsArgument(info[0], "keys", shape_.key_size);
    const ByteView values = sizedBytesArgument(info[1], "values", keys.size / shape_.key_size * shape_.value_size);
    const uint32_t flags = uint32Argument(info[2], "flags");
    return updateMapBatch(info.Env(), {fd, shape_, text_, keys.copy(), values.copy()}, flags);
  });
}

Napi::Value BpfMap::deleteBatch(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const ByteView keys = wholeElementsArgument(info[0], "keys", shape_.key_size);
    return deleteMapBatch(info.Env(), {openDescriptor(), shape_, text_, keys.copy(), {}});
  });
}

/** lookupBatch(cursor, count): undefined starts; a result without cursor was the last. */
Napi::Value BpfMap::lookupBatch(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    std::vector<uint8_t> cursor;
    if (!info[0].IsUndefined()) {
      cursor = sizedBytesArgument(info[0], "cursor", std::max<size_t>(shape_.key_size, sizeof(uint32_t))).copy();
    }
    const uint32_t count = std::min(uint32Argument(info[1], "count"), shape_.max_entries);
    return lookupMapBatch(info.Env(), {openDescriptor(), shape_, text_, {}, {}}, std::move(cursor), count);
  });
}

/** Unmapped when the ArrayBuffer is collected, which may be long after close(): the mapping holds the map. */
Napi::Value BpfMap::mmap(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const size_t size = size_t(roundedUp(shape_.value_size, 8)) * shape_.max_entries;
    // Never read-only: JS would die of the signal that a write raises. A frozen map is refused with EPERM instead.
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, openNumber(), 0);
    if (memory == MAP_FAILED) throw ErrnoError(errno, "mmap", text_);
    return mappedArrayBuffer(info.Env(), memory, size);
  });
}

Napi::Value BpfMap::close(const Napi::CallbackInfo& info) {
  fd_.reset();
  return info.Env().Undefined();
}

const SharedFileDescriptor& BpfMap::openDescriptor() const {
  if (!fd_) throw ErrnoError(EBADF, "closed map", text_);
  return fd_;
}

}  // namespace rampart
