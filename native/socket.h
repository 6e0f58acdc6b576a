// A datagram socket of any family that lives in the network namespace where it was opened, whatever thread uses it
// later: netlink, packet, raw, or a plain one for ioctls. Reading happens on the event loop, sending on pool threads; what is
// short may be sent, and its answer read, without waiting for either.
#pragma once

#include <napi.h>
#include <sys/socket.h>

#include <memory>
#include <string>

#include "datagram_reader.h"
#include "file_descriptor.h"
#include "readable_poll.h"
#include "send_queue.h"

namespace rampart {

class Socket : public Napi::ObjectWrap<Socket> {
 public:
  static void exportClass(Napi::Env env, Napi::Object exports);

  /** new Socket({ netns?, domain, type, protocol }) */
  explicit Socket(const Napi::CallbackInfo& info);

 private:
  struct PendingReceive {
    Napi::Promise::Deferred deferred;
    Napi::AsyncContext context;
  };

  Napi::Value bindNetlink(const Napi::CallbackInfo& info);
  Napi::Value bindPacket(const Napi::CallbackInfo& info);
  Napi::Value setOption(const Napi::CallbackInfo& info);
  Napi::Value setOptionBytes(const Napi::CallbackInfo& info);
  Napi::Value getOption(const Napi::CallbackInfo& info);
  Napi::Value portId(const Napi::CallbackInfo& info);
  Napi::Value send(const Napi::CallbackInfo& info);
  Napi::Value sendNow(const Napi::CallbackInfo& info);
  Napi::Value sendTo(const Napi::CallbackInfo& info);
  Napi::Value sendMany(const Napi::CallbackInfo& info);
  Napi::Value receive(const Napi::CallbackInfo& info);
  Napi::Value receiveNow(const Napi::CallbackInfo& info);
  Napi::Value close(const Napi::CallbackInfo& info);

  int openNumber() const;
  void changeOption(int level, int option, const void* value, socklen_t size) const;
  std::unique_ptr<PendingReceive> takePending();
  void onReadable();
  Napi::Value readDatagrams(Napi::Array datagrams);
  void readInto(Napi::Array datagrams);

  int domain_ = 0;
  std::string text_;
  SharedFileDescriptor fd_;
  std::unique_ptr<ReadablePoll> poll_;
  std::unique_ptr<DatagramReader> reader_;
  std::shared_ptr<SendQueue> sends_;
  std::unique_ptr<PendingReceive> pending_;
};

}  // namespace rampart
