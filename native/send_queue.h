// The sends of one socket, in the order they were asked for, each on a pool thread: a large nftables batch spends
// milliseconds inside sendmsg(2), and one AF_PACKET socket sends thousands of frames at a time. A short datagram, which
// costs less than waking a thread, may go out on the caller's own.
#pragma once

#include <napi.h>

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "argument.h"
#include "file_descriptor.h"

namespace rampart {

using Frames = std::vector<std::vector<uint8_t>>;

class SendQueue : public std::enable_shared_from_this<SendQueue> {
 public:
  SendQueue(SharedFileDescriptor fd, std::string socket_text);
  ~SendQueue();

  /** Sends one datagram; resolves to its length. */
  Napi::Promise sendDatagram(Napi::Env env, std::vector<uint8_t> datagram);

  /** Sends each frame as a datagram of its own; resolves to how many, or rejects naming the frame that failed. */
  Napi::Promise sendFrames(Napi::Env env, Frames frames);

  /**
   * Sends one datagram on this thread; false, and nothing is sent, while others wait or where there is no room. The
   * address is a struct sockaddr, or empty for sockets that need none.
   */
  bool sendTo(ByteView datagram, ByteView address) const;

  /** Rejects what has not started yet with ECANCELED. What a thread is sending goes out. */
  void cancel();

 private:
  class Work;
  using Call = size_t (*)(int fd, const Frames& frames, const std::string& socket_text);

  Napi::Promise enqueue(Napi::Env env, Frames frames, Call call);
  void next();

  SharedFileDescriptor fd_;
  std::string socket_text_;
  // Work on a pool thread holds the queue, and the queue the work that waits: neither outlives an ended environment.
  std::deque<std::unique_ptr<Work>> waiting_;
  bool sending_ = false;
};

}  // namespace rampart
