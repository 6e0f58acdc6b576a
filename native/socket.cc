// The JS class Socket: opening in a namespace, binding, options, and the two directions.

#include "socket.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "argument.h"
#include "netns.h"

namespace rampart {

void Socket::exportClass(Napi::Env env, Napi::Object exports) {
  exports.Set("Socket", DefineClass(env, "Socket",
                                    {
                                        InstanceMethod<&Socket::bindNetlink>("bindNetlink"),
                                        InstanceMethod<&Socket::bindPacket>("bindPacket"),
                                        InstanceMethod<&Socket::setOption>("setOption"),
                                        InstanceMethod<&Socket::setOptionBytes>("setOptionBytes"),
                                        InstanceMethod<&Socket::getOption>("getOption"),
                                        InstanceMethod<&Socket::send>("send"),
                                        InstanceMethod<&Socket::sendNow>("sendNow"),
                                        InstanceMethod<&Socket::sendTo>("sendTo"),
                                        InstanceMethod<&Socket::sendMany>("sendMany"),
                                        InstanceMethod<&Socket::receive>("receive"),
                                        InstanceMethod<&Socket::receiveNow>("receiveNow"),
                                        InstanceMethod<&Socket::close>("close"),
                                        InstanceAccessor<&Socket::portId>("portId"),
                                    }));
}

Socket::Socket(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  facing(info.Env(), [&] {
    const Napi::Object options = objectArgument(info[0], "options");
    const NetnsReference netns = NetnsReference::fromArgument(options.Get("netns"), "netns");
    domain_ = int32Argument(options.Get("domain"), "domain");
    const int type = int32Argument(options.Get("type"), "type");
    const int protocol = int32Argument(options.Get("protocol"), "protocol");
    text_ = "domain " + std::to_string(domain_) + " protocol " + std::to_string(protocol);
    fd_ = std::make_shared<const FileDescriptor>(netns.inside([&] {
      return FileDescriptor::checked(::socket(domain_, type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol), "socket", text_);
    }));
    poll_ = std::make_unique<ReadablePoll>(info.Env(), fd_, [this] { onReadable(); });
    reader_ = std::make_unique<DatagramReader>(fd_, text_);
    sends_ = std::make_shared<SendQueue>(fd_, text_);
  });
}

/** bindNetlink(portId, groups): port 0 lets the kernel choose; groups are the first 32 as a bit mask. */
Napi::Value Socket::bindNetlink(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    sockaddr_nl address = {};
    address.nl_family = AF_NETLINK;
    address.nl_pid = uint32Argument(info[0], "portId");
    address.nl_groups = uint32Argument(info[1], "groups");
    if (::bind(openNumber(), reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
      throw ErrnoError(errno, "bind", text_);
    }
    return info.Env().Undefined();
  });
}

/** bindPacket(ifindex, protocol): the EtherType in host byte order. */
Napi::Value Socket::bindPacket(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    sockaddr_ll address = {};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = int32Argument(info[0], "ifindex");
    address.sll_protocol = htons(uint16Argument(info[1], "protocol"));
    if (::bind(openNumber(), reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
      throw ErrnoError(errno, "bind", text_ + " ifindex " + std::to_string(address.sll_ifindex));
    }
    return info.Env().Undefined();
  });
}

/** setOption(level, option, value): for the options that take an int. */
Napi::Value Socket::setOption(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const int level = int32Argument(info[0], "level");
    const int option = int32Argument(info[1], "option");
    const int value = int32Argument(info[2], "value");
    changeOption(level, option, &value, sizeof value);
    return info.Env().Undefined();
  });
}

/** setOptionBytes(level, option, value): for the options that take a name or a structure. */
Napi::Value Socket::setOptionBytes(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const int level = int32Argument(info[0], "level");
    const int option = int32Argument(info[1], "option");
    const ByteView value = bytesArgument(info[2], "value");
    changeOption(level, option, value.data, socklen_t(value.size));
    return info.Env().Undefined();
  });
}

/** getOption(level, option): for the options that give an int. */
Napi::Value Socket::getOption(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    const int level = int32Argument(info[0], "level");
    const int option = int32Argument(info[1], "option");
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(openNumber(), level, option, &value, &size) < 0) {
      throw ErrnoError(errno, "getsockopt", "level " + std::to_string(level) + " option " + std::to_string(option));
    }
    return Napi::Number::New(info.Env(), value);
  });
}

/** Zero until bindNetlink or the first send has given the socket one. */
Napi::Value Socket::portId(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    sockaddr_nl address = {};
    socklen_t size = sizeof address;
    if (domain_ != AF_NETLINK) throw ErrnoError(EAFNOSUPPORT, "getsockname", text_);
    if (::getsockname(openNumber(), reinterpret_cast<sockaddr*>(&address), &size) < 0) {
      throw ErrnoError(errno, "getsockname", text_);
    }
    return Napi::Number::New(info.Env(), address.nl_pid);
  });
}

Napi::Value Socket::send(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    openNumber();
    return sends_->sendDatagram(info.Env(), bytesArgument(info[0], "datagram").copy());
  });
}

/** Whether it was sent: not while others wait to be, nor where the kernel has no room at the moment. */
Napi::Value Socket::sendNow(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    openNumber();
    const ByteView datagram = bytesArgument(info[0], "datagram");
    return Napi::Boolean::New(info.Env(), sends_->sendTo(datagram, {nullptr, 0}));
  });
}

/** sendTo(datagram, address): as sendNow, to a struct sockaddr given as bytes. */
Napi::Value Socket::sendTo(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    openNumber();
    const ByteView datagram = bytesArgument(info[0], "datagram");
    const ByteView address = bytesArgument(info[1], "address");
    return Napi::Boolean::New(info.Env(), sends_->sendTo(datagram, address));
  });
}

Napi::Value Socket::sendMany(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    openNumber();
    return sends_->sendFrames(info.Env(), byteArraysArgument(info[0], "frames"));
  });
}

/**
 * Resolves to the datagrams that are there, at least one. One call may wait at a time; while it does, the process stays
 * alive. ENOBUFS means that datagrams were lost; the socket goes on.
 */
Napi::Value Socket::receive(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&]() -> Napi::Value {
    openNumber();
    if (pending_) throw ErrnoError(EALREADY, "recvmsg", text_);
    auto deferred = Napi::Promise::Deferred::New(info.Env());
    try {
      reader_->throwKeptError();
    } catch (const ErrnoError& error) {
      deferred.Reject(error.toJs(info.Env()).Value());
      return deferred.Promise();
    }
    pending_.reset(new PendingReceive{deferred, Napi::AsyncContext(info.Env(), "rampart.receive")});
    Ref();
    poll_->start();
    return deferred.Promise();
  });
}

/** The datagrams that are there, perhaps none. Nobody may be waiting for them. */
Napi::Value Socket::receiveNow(const Napi::CallbackInfo& info) {
  return facing(info.Env(), [&] {
    openNumber();
    if (pending_) throw ErrnoError(EALREADY, "recvmsg", text_);
    reader_->throwKeptError();
    Napi::Array datagrams = Napi::Array::New(info.Env());
    readInto(datagrams);
    return datagrams;
  });
}

/** A waiting receive() and sends not begun are rejected with ECANCELED. Closing twice is harmless. */
Napi::Value Socket::close(const Napi::CallbackInfo& info) {
  if (!fd_) return info.Env().Undefined();
  poll_.reset();
  sends_->cancel();
  sends_.reset();
  reader_.reset();
  fd_.reset();
  if (pending_) takePending()->deferred.Reject(ErrnoError(ECANCELED, "recvmsg", text_).toJs(info.Env()).Value());
  return info.Env().Undefined();
}

int Socket::openNumber() const {
  if (!fd_) throw ErrnoError(EBADF, "closed socket", text_);
  return fd_->number();
}

void Socket::changeOption(int level, int option, const void* value, socklen_t size) const {
  if (::setsockopt(openNumber(), level, option, value, size) == 0) return;
  throw ErrnoError(errno, "setsockopt", "level " + std::to_string(level) + " option " + std::to_string(option));
}

/** The end of a wait: the socket may be collected again. */
std::unique_ptr<Socket::PendingReceive> Socket::takePending() {
  Unref();
  return std::move(pending_);
}

void Socket::onReadable() {
  const Napi::Env env = Env();
  const Napi::HandleScope scope(env);
  try {
    Napi::Array datagrams = Napi::Array::New(env);
    Napi::Value failure = readDatagrams(datagrams);
    if (failure.IsEmpty() && datagrams.Length() == 0) {
      poll_->start();
      return;
    }
    const std::unique_ptr<PendingReceive> pending = takePending();
    const Napi::CallbackScope callback(env, pending->context);
    if (failure.IsEmpty()) {
      pending->deferred.Resolve(datagrams);
    } else {
      pending->deferred.Reject(failure);
    }
  } catch (const Napi::Error&) {
    // Only an environment that is being torn down refuses these calls: nobody is left to be told.
  }
}

/** Fills the array; what stopped it before the first datagram is returned as an Error, otherwise nothing. */
Napi::Value Socket::readDatagrams(Napi::Array datagrams) {
  try {
    readInto(datagrams);
    return Napi::Value();
  } catch (const ErrnoError& error) {
    return error.toJs(Env()).Value();
  }
}

void Socket::readInto(Napi::Array datagrams) {
  reader_->read([&](const uint8_t* data, size_t size) {
    datagrams.Set(datagrams.Length(), newBytes(Env(), data, size));
  });
}

}  // namespace rampart
