// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/upstream_connection.h"

#include <sys/socket.h>

#include <cerrno>

#include "sallyport/async/loop.h"

namespace sallyport::net {

UpstreamConnection::UpstreamConnection(std::shared_ptr<UpstreamPool::Impl> pool, std::size_t index)
    : address(index), pool_(std::move(pool)) {
  ++pool_->addresses[address].open;
  deadline.Register(async::Loop::Current()->wheel(), [this] { OnDeadline(); });
}

UpstreamConnection::~UpstreamConnection() { --pool_->addresses[address].open; }

void UpstreamConnection::Attach(int fd) {
  socket = Socket(fd);
  socket.set_observer(this);
}

std::span<char> UpstreamConnection::BufferForRead() {
  in.MakeRoom(in.capacity());
  return in.free();
}

void UpstreamConnection::StartReadAhead() { socket.StartRead(BufferForRead()); }

bool UpstreamConnection::SeemsAlive() const {
  char byte = 0;
  return ::recv(socket.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

void UpstreamConnection::OnDeadline() {
  if (idle) return pool_->Discard(*this);
  timed_out = true;
  socket.Close();
}

void UpstreamConnection::OnUnawaitedRead(std::ptrdiff_t) {
  // Nobody asked: the end of the connection, or bytes that belong to no request.
  if (idle) pool_->Discard(*this);
}

}  // namespace sallyport::net
