// recvmsg(2), first with MSG_PEEK | MSG_TRUNC for the length. On netlink sockets only the kernel is listened to: any
// process of the namespace may send to another's port, and its messages would look like answers.

#include "datagram_reader.h"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <vector>

namespace rampart {

namespace {

// One turn of the event loop: about a millisecond of copying at most.
constexpr size_t datagrams_per_turn = 64;
constexpr size_t bytes_per_turn = 1 << 20;

// netlink sizes the parts of a dump by the largest buffer it has been offered, up to 32 KiB (netlink_recvmsg).
constexpr size_t smallest_buffer = 32 << 10;

// Of all sockets that a thread reads: each datagram is taken from it before the next is read, and a process has
// thousands of sockets.
thread_local std::vector<uint8_t> buffer(smallest_buffer);

bool isStranger(const sockaddr_storage& sender) {
  return sender.ss_family == AF_NETLINK && reinterpret_cast<const sockaddr_nl&>(sender).nl_pid != 0;
}

}  // namespace

size_t DatagramReader::read(const Sink& sink) {
  size_t count = 0;
  size_t bytes = 0;
  const Sink counted = [&](const uint8_t* data, size_t size) {
    count++;
    bytes += size;
    sink(data, size);
  };
  try {
    // Skipped datagrams count too, so that a stranger's stream cannot hold the loop either.
    for (size_t step = 0; step < datagrams_per_turn && bytes < bytes_per_turn; step++) {
      if (readOne(counted) == Step::empty) break;
    }
  } catch (const ErrnoError& error) {
    if (count == 0) throw;
    kept_errno_ = error.number();
  }
  return count;
}

void DatagramReader::throwKeptError() {
  const int number = std::exchange(kept_errno_, 0);
  if (number != 0) throw failed(number);
}

DatagramReader::Step DatagramReader::readOne(const Sink& sink) {
  const ssize_t length = ::recv(fd_->number(), nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);
  if (length < 0) {
    if (errno == EAGAIN || errno == EINTR) return Step::empty;
    throw failed(errno);
  }
  if (size_t(length) > buffer.size()) buffer.resize(size_t(length));

  sockaddr_storage sender = {};
  socklen_t sender_size = sizeof sender;
  const ssize_t taken = ::recvfrom(fd_->number(), buffer.data(), buffer.size(), MSG_TRUNC | MSG_DONTWAIT,
                                   reinterpret_cast<sockaddr*>(&sender), &sender_size);
  if (taken < 0) {
    if (errno == EAGAIN || errno == EINTR) return Step::empty;
    throw failed(errno);
  }
  if (size_t(taken) > buffer.size()) throw failed(EMSGSIZE);
  if (isStranger(sender)) return Step::skipped;
  sink(buffer.data(), size_t(taken));
  return Step::delivered;
}

}  // namespace rampart
