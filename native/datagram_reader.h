// Reads whole datagrams from a non-blocking socket: sized before they are taken, so that none is ever cut short, and
// bounded per turn of the event loop, so that a long dump or a stream of events leaves room for everything else.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "file_descriptor.h"

namespace rampart {

class DatagramReader {
 public:
  using Sink = std::function<void(const uint8_t* data, size_t size)>;

  DatagramReader(SharedFileDescriptor fd, std::string socket_text)
      : fd_(std::move(fd)), socket_text_(std::move(socket_text)) {}

  /** Gives each waiting datagram to `sink` and returns how many; an error met after the first is kept for later. */
  size_t read(const Sink& sink);

  /** Throws the error that ended the read before, once. */
  void throwKeptError();

 private:
  enum class Step { delivered, skipped, empty };
  Step readOne(const Sink& sink);
  ErrnoError failed(int number) const { return ErrnoError(number, "recvmsg", socket_text_); }

  SharedFileDescriptor fd_;
  std::string socket_text_;
  int kept_errno_ = 0;
};

}  // namespace rampart
