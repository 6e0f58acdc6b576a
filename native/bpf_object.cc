// The JS class BpfObject, over libbpf's bpf_object.

#include "bpf_object.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <algorithm>

#include "argument.h"
#include "bpf_info.h"
#include "environment.h"
#include "file_descriptor.h"
#include "libbpf_log.h"
#include "promise_work.h"

namespace rampart {

namespace {

std::shared_ptr<bpf_object> openObject(const std::vector<uint8_t>& elf, const std::string& name) {
  const LibbpfLog log;
  LIBBPF_OPTS(bpf_object_open_opts, options);
  options.object_name = name.c_str();
  bpf_object* object = bpf_object__open_mem(elf.data(), elf.size(), &options);
  if (object == nullptr) throw ErrnoError(errno, "bpf_object__open", name, log.text());
  return {object, bpf_object__close};
}

void loadObject(bpf_object* object, const std::string& name) {
  const LibbpfLog log;
  const int failure = bpf_object__load(object);
  if (failure == 0) return;
  const std::string program = log.refusedProgram();
  if (program.empty()) throw ErrnoError(-failure, "bpf_object__load", name, log.text());
  throw ErrnoError(-failure, "bpf(BPF_PROG_LOAD)", name + " " + program, log.text());
}

Napi::Object describeMap(Napi::Env env, const bpf_map* map) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", bpf_map__name(map));
  object.Set("type", uint32_t(bpf_map__type(map)));
  object.Set("keySize", bpf_map__key_size(map));
  object.Set("valueSize", bpf_map__value_size(map));
  object.Set("maxEntries", bpf_map__max_entries(map));
  object.Set("flags", bpf_map__map_flags(map));
  return object;
}

/** libbpf 1.1 unmaps a data section by the map's current size: one that grew would take what lies behind along. */
void requireResizable(const bpf_map* map, const char* operation, const std::string& name) {
  if (bpf_map__is_internal(map)) throw ErrnoError(EINVAL, operation, name);
}

/** Appends the variables of one data section; libbpf has set their offsets from the ELF symbols. */
void describeSection(const btf* types, const btf_type* section, Napi::Array variables) {
  const char* section_name = btf__name_by_offset(types, section->name_off);
  const btf_var_secinfo* entry = btf_var_secinfos(section);
  for (uint32_t index = 0; index < btf_vlen(section); index++, entry++) {
    const btf_type* variable = btf__type_by_id(types, entry->type);
    Napi::Object object = Napi::Object::New(variables.Env());
    object.Set("name", btf__name_by_offset(types, variable->name_off));
    object.Set("section", section_name);
    object.Set("offset", entry->offset);
    object.Set("size", entry->size);
    variables.Set(variables.Length(), object);
  }
}

}  // namespace

const char* BpfObject::textOf(Stage stage) {
  switch (stage) {
    case Stage::open:
      return "object not loaded";
    case Stage::loading:
      return "loading object";
    case Stage::loaded:
      return "loaded object";
    case Stage::refused:
      return "refused object";
  }
  return "object";
}

void BpfObject::exportClass(Napi::Env env, Napi::Object exports) {
  exports.Set("BpfObject", DefineClass(env, "BpfObject",
                                       {
                                           InstanceMethod<&BpfObject::maps>("maps"),
                                           InstanceMethod<&BpfObject::programs>("programs"),
                                           InstanceMethod<&BpfObject::variables>("variables"),
                                           InstanceMethod<&BpfObject::initialValue>("initialValue"),
                                           InstanceMethod<&BpfObject::setInitialValue>("setInitialValue"),
                                           InstanceMethod<&BpfObject::setMaxEntries>("setMaxEntries"),
                                           InstanceMethod<&BpfObject::reuseMap>("reuseMap"),
                                           InstanceMethod<&BpfObject::load>("load"),
                                           InstanceMethod<&BpfObject::program>("program"),
                                           InstanceMethod<&BpfObject::map>("map"),
                                           InstanceMethod<&BpfObject::close>("close"),
                                       }));
}

BpfObject::BpfObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  facing(info.Env(), [&] {
    const std::vector<uint8_t> elf = bytesArgument(info[0], "elf").copy();
    name_ = stringArgument(info[1], "name");
    object_ = openObject(elf, name_);
  });
}

Napi::Value BpfObject::maps(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    Napi::Array all = Napi::Array::New(info.Env());
    const bpf_map* map;
    bpf_object__for_each_map(map, object("maps")) all.Set(all.Length(), describeMap(info.Env(), map));
    return all;
  });
}

Napi::Value BpfObject::programs(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    Napi::Array all = Napi::Array::New(info.Env());
    bpf_program* program;
    bpf_object__for_each_program(program, object("programs")) {
      Napi::Object description = Napi::Object::New(info.Env());
      description.Set("name", bpf_program__name(program));
      description.Set("section", bpf_program__section_name(program));
      description.Set("type", uint32_t(bpf_program__type(program)));
      all.Set(all.Length(), description);
    }
    return all;
  });
}

/** The variables of .rodata, .data and .bss by name; empty where the object was compiled without -g. */
Napi::Value BpfObject::variables(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    Napi::Array all = Napi::Array::New(info.Env());
    const btf* types = bpf_object__btf(object("variables"));
    if (types == nullptr) return all;
    for (uint32_t id = 1; id < btf__type_cnt(types); id++) {
      const btf_type* type = btf__type_by_id(types, id);
      const char* name = btf__name_by_offset(types, type->name_off);
      if (btf_is_datasec(type) && std::string(name) != ".maps" && std::string(name) != "license") {
        describeSection(types, type, all);
      }
    }
    return all;
  });
}

Napi::Value BpfObject::initialValue(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string name = stringArgument(info[0], "map");
    bpf_map* map = mapNamed(objectAt(Stage::open, "initialValue"), name);
    size_t size = 0;
    const auto* value = static_cast<const uint8_t*>(bpf_map__initial_value(map, &size));
    if (value == nullptr) throw ErrnoError(EINVAL, "bpf_map__initial_value", name);
    return newBytes(info.Env(), value, size);
  });
}

/** setInitialValue(map, offset, bytes): before load; a constant's new value is what the verifier then reasons with. */
Napi::Value BpfObject::setInitialValue(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string name = stringArgument(info[0], "map");
    const uint32_t offset = uint32Argument(info[1], "offset");
    const ByteView bytes = bytesArgument(info[2], "bytes");
    bpf_map* map = mapNamed(objectAt(Stage::open, "setInitialValue"), name);
    size_t size = 0;
    const auto* old = static_cast<const uint8_t*>(bpf_map__initial_value(map, &size));
    if (old == nullptr) throw ErrnoError(EINVAL, "bpf_map__initial_value", name);
    if (offset > size || bytes.size > size - offset) throw ErrnoError(ERANGE, "bpf_map__set_initial_value", name);
    std::vector<uint8_t> value(old, old + size);
    std::copy(bytes.data, bytes.data + bytes.size, value.begin() + offset);
    const int failure = bpf_map__set_initial_value(map, value.data(), size);
    if (failure < 0) throw ErrnoError(-failure, "bpf_map__set_initial_value", name);
    return info.Env().Undefined();
  });
}

Napi::Value BpfObject::setMaxEntries(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string name = stringArgument(info[0], "map");
    const uint32_t max_entries = uint32Argument(info[1], "maxEntries");
    bpf_map* map = mapNamed(objectAt(Stage::open, "setMaxEntries"), name);
    requireResizable(map, "bpf_map__set_max_entries", name);
    const int failure = bpf_map__set_max_entries(map, max_entries);
    if (failure < 0) throw ErrnoError(-failure, "bpf_map__set_max_entries", name);
    return info.Env().Undefined();
  });
}

/** reuseMap(map, fd): the object's programs will use that map instead of one of their own; libbpf duplicates the fd. */
Napi::Value BpfObject::reuseMap(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const LibbpfLog log;
    const std::string name = stringArgument(info[0], "map");
    const int fd = int32Argument(info[1], "fd");
    bpf_map* map = mapNamed(objectAt(Stage::open, "reuseMap"), name);
    requireResizable(map, "bpf_map__reuse_fd", name);
    mapInfo(fd);  // refuses what is no map, from which libbpf would read zeros
    const int failure = bpf_map__reuse_fd(map, fd);
    if (failure < 0) throw ErrnoError(-failure, "bpf_map__reuse_fd", name);
    reused_[name] = map;
    return info.Env().Undefined();
  });
}

/** On a pool thread, for the verifier may take seconds; until it is done the object refuses everything but close(). */
Napi::Value BpfObject::load(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    objectAt(Stage::open, "load");
    *stage_ = Stage::loading;
    const auto work = [object = object_, stage = stage_, name = name_] {
      try {
        loadObject(object.get(), name);
      } catch (...) {
        *stage = Stage::refused;
        throw;
      }
      *stage = Stage::loaded;
      return Done{};
    };
    return PromiseWork<Done>::run(info.Env(), work, [](Napi::Env env, Done&) { return env.Undefined(); });
  });
}

Napi::Value BpfObject::program(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string name = stringArgument(info[0], "name");
    const bpf_program* program = bpf_object__find_program_by_name(objectAt(Stage::loaded, "program"), name.c_str());
    if (program == nullptr) throw ErrnoError(ENOENT, "bpf_object__find_program_by_name", name_ + " " + name);
    return Environment::of(info.Env()).newProgram(bpf_program__fd(program));
  });
}

Napi::Value BpfObject::map(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const std::string name = stringArgument(info[0], "name");
    return Environment::of(info.Env()).newMap(bpf_map__fd(mapNamed(objectAt(Stage::loaded, "map"), name)));
  });
}

Napi::Value BpfObject::close(const Napi::CallbackInfo& info) {
  object_.reset();
  return info.Env().Undefined();
}

bpf_object* BpfObject::object(const char* operation) const {
  if (!object_) throw ErrnoError(EBADF, "closed object", name_ + " " + operation);
  if (*stage_ == Stage::loading) throw ErrnoError(EBUSY, textOf(Stage::loading), name_ + " " + operation);
  return object_.get();
}

/** Most operations belong either before load() or after it. */
bpf_object* BpfObject::objectAt(Stage stage, const char* operation) const {
  bpf_object* open = object(operation);
  if (*stage_ == stage) return open;
  throw ErrnoError(EINVAL, textOf(*stage_), name_ + " " + operation);
}

/** By the C name; the sections of data are ".rodata", ".data" and ".bss". */
bpf_map* BpfObject::mapNamed(bpf_object* object, const std::string& name) const {
  const auto reused = reused_.find(name);
  if (reused != reused_.end()) return reused->second;
  bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
  if (map == nullptr) throw ErrnoError(ENOENT, "bpf_object__find_map_by_name", name_ + " " + name);
  return map;
}

}  // namespace rampart
