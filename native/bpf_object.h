// An ELF object of BPF programs and maps, from its bytes to the loaded programs: open, adjust (constants, map sizes,
// maps to share), load once, take out what is needed. Closing it leaves what was taken out untouched.
#pragma once

#include <napi.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>

struct bpf_map;
struct bpf_object;
struct bpf_program;

namespace rampart {

class BpfObject : public Napi::ObjectWrap<BpfObject> {
 public:
  static void exportClass(Napi::Env env, Napi::Object exports);

  /** new BpfObject(elf, name): parses a copy of the bytes; nothing reaches the kernel yet. */
  explicit BpfObject(const Napi::CallbackInfo& info);

 private:
  enum class Stage { open, loading, loaded, refused };

  Napi::Value maps(const Napi::CallbackInfo& info);
  Napi::Value programs(const Napi::CallbackInfo& info);
  Napi::Value variables(const Napi::CallbackInfo& info);
  Napi::Value initialValue(const Napi::CallbackInfo& info);
  Napi::Value setInitialValue(const Napi::CallbackInfo& info);
  Napi::Value setMaxEntries(const Napi::CallbackInfo& info);
  Napi::Value reuseMap(const Napi::CallbackInfo& info);
  Napi::Value load(const Napi::CallbackInfo& info);
  Napi::Value program(const Napi::CallbackInfo& info);
  Napi::Value map(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  static const char* textOf(Stage stage);
  bpf_object* object(const char* operation) const;
  bpf_object* objectAt(Stage stage, const char* operation) const;
  bpf_map* mapNamed(bpf_object* object, const std::string& name) const;

  std::string name_;
  std::shared_ptr<bpf_object> object_;
  // libbpf renames a map that is reused to what the kernel calls it; here it keeps the name that the C source gives.
  std::map<std::string, bpf_map*> reused_;
  // Shared with the thread that loads.
  std::shared_ptr<std::atomic<Stage>> stage_ = std::make_shared<std::atomic<Stage>>(Stage::open);
};

}  // namespace rampart
