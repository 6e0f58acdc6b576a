// The JS class BpfProgram: pinning, what the kernel knows of it, and BPF_PROG_TEST_RUN.

#include "bpf_program.h"

#include <bpf/bpf.h>

#include <array>
#include <cstdio>

#include "argument.h"
#include "bpf_info.h"
#include "environment.h"

namespace rampart {

namespace {

constexpr size_t smallest_log = 64 << 10;
constexpr size_t largest_log = 16 << 20;  // the verifier's own limit is larger; no program of ours says so much

constexpr uint32_t largest_frame = 64 << 10;  // the kernel takes and gives no more than a page

struct ProgramBlueprint {
  uint32_t type;
  std::string name;
  std::string license;
  std::vector<bpf_insn> instructions;
};

ProgramBlueprint blueprintArgument(Napi::Value value) {
  const Napi::Object object = objectArgument(value, "program");
  ProgramBlueprint blueprint;
  blueprint.type = uint32Argument(object.Get("type"), "type");
  blueprint.name = stringArgument(object.Get("name"), "name");
  blueprint.license = stringArgument(object.Get("license"), "license");
  const ByteView bytes = bytesArgument(object.Get("instructions"), "instructions");
  if (bytes.size % sizeof(bpf_insn) != 0) {
    throw Napi::TypeError::New(value.Env(), "instructions must be of 8 bytes each");
  }
  blueprint.instructions.resize(bytes.size / sizeof(bpf_insn));
  std::copy(bytes.data, bytes.data + bytes.size, reinterpret_cast<uint8_t*>(blueprint.instructions.data()));
  return blueprint;
}

int tryLoad(const ProgramBlueprint& program, std::vector<char>& log) {
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  options.log_level = log.empty() ? 0 : 1;
  options.log_buf = log.data();
  options.log_size = uint32_t(log.size());
  return bpf_prog_load(bpf_prog_type(program.type), program.name.c_str(), program.license.c_str(),
                       program.instructions.data(), program.instructions.size(), &options);
}

/** Without a log first, because one that is too small fails a good program (ENOSPC); then with one that grows. */
FileDescriptor loadInstructions(const ProgramBlueprint& program) {
  std::vector<char> log;
  int fd = tryLoad(program, log);
  const int refused = errno;
  for (size_t size = smallest_log; fd < 0 && size <= largest_log; size *= 4) {
    log.assign(size, '\0');
    fd = tryLoad(program, log);
    if (errno != ENOSPC) break;
  }
  if (fd < 0) throw ErrnoError(refused, "bpf(BPF_PROG_LOAD)", program.name, log.data());
  return FileDescriptor(fd);
}

std::string hex(const uint8_t* data, size_t size) {
  std::string text;
  for (size_t index = 0; index < size; index++) {
    std::array<char, 3> digits = {};
    std::snprintf(digits.data(), digits.size(), "%02x", data[index]);
    text += digits.data();
  }
  return text;
}

Napi::Value loadProgram(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const FileDescriptor fd = loadInstructions(blueprintArgument(info[0]));
    return Environment::of(info.Env()).newProgram(fd.number());
  });
}

Napi::Value openPinnedProgram(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const FileDescriptor fd = openPinned(stringArgument(info[0], "path"));
    return Environment::of(info.Env()).newProgram(fd.number());
  });
}

}  // namespace

Napi::Function BpfProgram::exportClass(Napi::Env env, Napi::Object exports) {
  exports.Set("loadProgram", Napi::Function::New(env, loadProgram, "loadProgram"));
  exports.Set("openPinnedProgram", Napi::Function::New(env, openPinnedProgram, "openPinnedProgram"));
  return DefineClass(env, "BpfProgram",
                     {
                         InstanceAccessor<&BpfProgram::fd>("fd"),
                         InstanceMethod<&BpfProgram::pin>("pin"),
                         InstanceMethod<&BpfProgram::info>("info"),
                         InstanceMethod<&BpfProgram::testRun>("testRun"),
                         InstanceMethod<&BpfProgram::close>("close"),
                     });
}

BpfProgram::BpfProgram(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  facing(info.Env(), [&] {
    auto fd = std::make_shared<const FileDescriptor>(FileDescriptor::duplicate(int32Argument(info[0], "fd")));
    text_ = programInfo(fd->number()).name;
    fd_ = std::move(fd);
  });
}

Napi::Value BpfProgram::fd(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] { return Napi::Number::New(info.Env(), openNumber()); });
}

Napi::Value BpfProgram::pin(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    pinAt(openNumber(), stringArgument(info[0], "path"));
    return info.Env().Undefined();
  });
}

Napi::Value BpfProgram::info(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const bpf_prog_info program = programInfo(openNumber());
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("id", program.id);
    object.Set("type", program.type);
    object.Set("name", program.name);
    object.Set("tag", hex(program.tag, sizeof program.tag));
    object.Set("jitedLength", program.jited_prog_len);
    return object;
  });
}

/** testRun(dataIn, repeat, dataOutSize): blocks for `repeat` runs. `duration` is nanoseconds for one run. */
Napi::Value BpfProgram::testRun(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const int number = openNumber();
    const ByteView data_in = bytesArgument(info[0], "dataIn");
    const int repeat = int32Argument(info[1], "repeat");
    std::vector<uint8_t> data_out(std::min(uint32Argument(info[2], "dataOutSize"), largest_frame));
    LIBBPF_OPTS(bpf_test_run_opts, options);
    options.data_in = data_in.data;
    options.data_size_in = uint32_t(data_in.size);
    options.data_out = data_out.empty() ? nullptr : data_out.data();
    options.data_size_out = uint32_t(data_out.size());
    options.repeat = repeat;
    int failure;
    do {
      failure = bpf_prog_test_run_opts(number, &options);
    } while (failure == -EINTR);
    if (failure < 0) throw ErrnoError(-failure, "bpf(BPF_PROG_TEST_RUN)", std::to_string(data_in.size) + " bytes");
    Napi::Object result = Napi::Object::New(info.Env());
    result.Set("retval", options.retval);
    result.Set("duration", options.duration);
    data_out.resize(std::min(data_out.size(), size_t(options.data_size_out)));
    result.Set("dataOut", newBytes(info.Env(), data_out.data(), data_out.size()));
    return result;
  });
}

Napi::Value BpfProgram::close(const Napi::CallbackInfo& info) {
  fd_.reset();
  return info.Env().Undefined();
}

int BpfProgram::openNumber() const {
  if (!fd_) throw ErrnoError(EBADF, "closed program", text_);
  return fd_->number();
}

}  // namespace rampart
