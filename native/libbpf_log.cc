// libbpf loads a program without a log first and, when the kernel refuses it, again with a log that grows until the
// verifier's text fits (bpf_object_load_prog). The text then arrives here between two marker lines, the first being
// "libbpf: prog 'NAME': -- BEGIN PROG LOAD LOG --".

#include "libbpf_log.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <vector>

namespace rampart {

namespace {

thread_local LibbpfLog* current = nullptr;

std::once_flag print_is_set;

constexpr const char* begin_marker = "-- BEGIN PROG LOAD LOG --\n";
constexpr const char* end_marker = "-- END PROG LOAD LOG --";

int print(libbpf_print_level level, const char* format, va_list arguments) {
  if (current == nullptr || level == LIBBPF_DEBUG) return 0;
  va_list again;
  va_copy(again, arguments);
  const int length = std::vsnprintf(nullptr, 0, format, arguments);
  std::vector<char> line(length > 0 ? size_t(length) + 1 : 1);
  std::vsnprintf(line.data(), line.size(), format, again);
  va_end(again);
  current->append(line.data());
  return length;
}

}  // namespace

LibbpfLog::LibbpfLog() : outer_(current) {
  std::call_once(print_is_set, [] { libbpf_set_print(print); });
  current = this;
}

LibbpfLog::~LibbpfLog() { current = outer_; }

std::string LibbpfLog::text() const {
  const size_t begin = lines_.rfind(begin_marker);
  if (begin == std::string::npos) return lines_;
  const size_t start = begin + std::string(begin_marker).size();
  const size_t end = lines_.find(end_marker, start);
  return lines_.substr(start, end == std::string::npos ? end : end - start);
}

std::string LibbpfLog::refusedProgram() const {
  const std::string opening = "prog '";
  const size_t marker = lines_.rfind(std::string("': ") + begin_marker);
  const size_t name = marker == std::string::npos ? marker : lines_.rfind(opening, marker);
  if (name == std::string::npos) return "";
  const size_t start = name + opening.size();
  return lines_.substr(start, marker - start);
}

}  // namespace rampart
