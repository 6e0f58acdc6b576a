// What libbpf would print on stderr, kept instead. Its print function is one per process, so it is set once, to one
// that writes to the capture of the calling thread and drops everything where there is none.
#pragma once

#include <string>

namespace rampart {

class LibbpfLog {
 public:
  LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;
  ~LibbpfLog();

  /** The verifier's log of the program that was refused; without one, all that libbpf said. */
  std::string text() const;

  /** The name of the program that was refused; empty where the failure was another. */
  std::string refusedProgram() const;

  void append(const std::string& line) { lines_ += line; }

 private:
  std::string lines_;
  LibbpfLog* outer_;
};

}  // namespace rampart
