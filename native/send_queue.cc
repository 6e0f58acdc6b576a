// sendmsg(2) and sendmmsg(2) on non-blocking sockets: where the kernel has no room, the thread waits for it in poll(2)
// with a bound, so that a device which never drains cannot hold a worker's end.

#include "send_queue.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <functional>

namespace rampart {

namespace {

constexpr int room_timeout_ms = 1000;
constexpr size_t frames_per_call = 1024;  // UIO_MAXIOV: sendmmsg(2) takes no more at once

/** Repeats a call while it is interrupted or, up to the bound, while the socket has no room. */
ssize_t whenRoom(int fd, const std::function<ssize_t()>& call) {
  for (;;) {
    const ssize_t result = call();
    if (result >= 0 || (errno != EINTR && errno != EAGAIN)) return result;
    if (errno == EINTR) continue;
    pollfd room = {fd, POLLOUT, 0};
    if (::poll(&room, 1, room_timeout_ms) == 0) {
      errno = ETIMEDOUT;
      return -1;
    }
  }
}

size_t sendOne(int fd, const Frames& frames, const std::string& socket_text) {
  const std::vector<uint8_t>& datagram = frames.front();
  const ssize_t sent =
      whenRoom(fd, [&] { return ::send(fd, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL); });
  if (sent < 0) throw ErrnoError(errno, "sendmsg", socket_text);
  return size_t(sent);
}

size_t sendAll(int fd, const Frames& frames, const std::string& socket_text) {
  std::vector<iovec> vectors(frames.size());
  std::vector<mmsghdr> messages(frames.size());
  for (size_t index = 0; index < frames.size(); index++) {
    vectors[index] = {const_cast<uint8_t*>(frames[index].data()), frames[index].size()};
    messages[index].msg_hdr.msg_iov = &vectors[index];
    messages[index].msg_hdr.msg_iovlen = 1;
  }
  size_t sent = 0;
  while (sent < frames.size()) {
    const size_t count = std::min(frames.size() - sent, frames_per_call);
    const ssize_t now =
        whenRoom(fd, [&] { return ::sendmmsg(fd, &messages[sent], unsigned(count), MSG_DONTWAIT | MSG_NOSIGNAL); });
    if (now < 0) throw ErrnoError(errno, "sendmmsg", socket_text + " frame " + std::to_string(sent));
    sent += size_t(now);
  }
  return sent;
}

}  // namespace

class SendQueue::Work : public Napi::AsyncWorker {
 public:
  Work(Napi::Env env, Frames frames, Call call)
      : AsyncWorker(env), deferred_(env), frames_(std::move(frames)), call_(call) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

  void start(std::shared_ptr<SendQueue> queue) {
    queue_ = std::move(queue);
    Queue();
  }

  void Execute() override {
    try {
      sent_ = call_(queue_->fd_->number(), frames_, queue_->socket_text_);
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  void OnOK() override {
    queue_->sending_ = false;
    queue_->next();
    try {
      facing(Env(), [&] {
        if (failure_) std::rethrow_exception(failure_);
      });
      deferred_.Resolve(Napi::Number::New(Env(), double(sent_)));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

  void reject(const ErrnoError& error) { deferred_.Reject(error.toJs(Env()).Value()); }

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<SendQueue> queue_;
  Frames frames_;
  Call call_;
  size_t sent_ = 0;
  std::exception_ptr failure_;
};

SendQueue::SendQueue(SharedFileDescriptor fd, std::string socket_text)
    : fd_(std::move(fd)), socket_text_(std::move(socket_text)) {}

SendQueue::~SendQueue() = default;

Napi::Promise SendQueue::sendDatagram(Napi::Env env, std::vector<uint8_t> datagram) {
  Frames frames;
  frames.push_back(std::move(datagram));
  return enqueue(env, std::move(frames), sendOne);
}

Napi::Promise SendQueue::sendFrames(Napi::Env env, Frames frames) { return enqueue(env, std::move(frames), sendAll); }

bool SendQueue::sendTo(ByteView datagram, ByteView address) const {
  if (sending_) return false;
  const auto* to = address.size == 0 ? nullptr : reinterpret_cast<const sockaddr*>(address.data);
  ssize_t sent = -1;
  do {
    sent = ::sendto(fd_->number(), datagram.data, datagram.size, MSG_DONTWAIT | MSG_NOSIGNAL, to, socklen_t(address.size));
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return true;
  if (errno == EAGAIN) return false;
  throw ErrnoError(errno, "sendmsg", socket_text_);
}

Napi::Promise SendQueue::enqueue(Napi::Env env, Frames frames, Call call) {
  auto work = std::make_unique<Work>(env, std::move(frames), call);
  const Napi::Promise promise = work->promise();
  waiting_.push_back(std::move(work));
  if (!sending_) next();
  return promise;
}

void SendQueue::next() {
  if (waiting_.empty()) return;
  sending_ = true;
  Work* work = waiting_.front().release();  // deletes itself when done
  waiting_.pop_front();
  work->start(shared_from_this());
}

void SendQueue::cancel() {
  for (; !waiting_.empty(); waiting_.pop_front()) {
    waiting_.front()->reject(ErrnoError(ECANCELED, "sendmsg", socket_text_));
  }
}

}  // namespace rampart
