// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/upstream_pool.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sallyport/net/errc.h"
#include "sallyport/net/upstream_connection.h"

namespace sallyport::net {
namespace {

int ErrorOf(int fd) {
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

UpstreamPool::Impl::Impl(const UpstreamOptions& o, std::shared_ptr<UpstreamHealth> h, Executor e)
    : options(o), health(std::move(h)), executor(std::move(e)), addresses(health->size()) {}

UpstreamConnectionPtr UpstreamPool::Impl::TakeIdle(std::size_t address) {
  auto& idle = addresses[address].idle;
  if (idle.empty()) return nullptr;
  auto connection = std::move(idle.back());
  idle.pop_back();
  connection->idle = false;
  connection->reused = true;
  connection->deadline.Disarm();
  return connection;
}

Task<UpstreamConnectionPtr> UpstreamPool::Impl::Connect(std::size_t address) {
  if (addresses[address].open >= options.max_connections) co_return Fail(Errc::kUpstreamBusy, options.name);
  const auto self = shared_from_this();
  auto connection = std::make_shared<UpstreamConnection>(self, address);
  int error = EADDRNOTAVAIL;
  for (const Endpoint& endpoint : health->EndpointsOf(address)) {
    const int fd = ::socket(endpoint.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    // Want of descriptors is our trouble, not the upstream's: its health is left alone.
    if (fd < 0) co_return Fail(Errc::kUpstreamBusy, options.name + ": " + std::strerror(errno));
    connection->Attach(fd);
    connection->timed_out = false;
    error = ::connect(fd, endpoint.data(), endpoint.size()) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      connection->deadline.Arm(options.connect_timeout);
      const auto waited = co_await connection->socket.AwaitWritable();
      connection->deadline.Disarm();
      error = waited < 0 ? static_cast<int>(-waited) : ErrorOf(fd);
    }
    if (error != 0) continue;
    if (endpoint.family() != AF_UNIX) {
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    connection->StartReadAhead();
    co_return connection;
  }
  const bool timed_out = connection->timed_out;
  health->Failed(address);
  health->ResolveAgain(address);
  co_return Fail(timed_out ? Errc::kUpstreamTimeout : Errc::kUpstreamRefused, options.name + ": " + std::strerror(error));
}

void UpstreamPool::Impl::PutBack(UpstreamConnectionPtr connection) {
  auto& idle = addresses[connection->address].idle;
  if (closed || !connection->socket.open() || !connection->in.empty() || connection->socket.has_result()) return;
  if (!connection->socket.reading()) {
    connection->in.Shrink();
    connection->StartReadAhead();
  }
  if (idle.size() >= options.max_pooled) idle.erase(idle.begin());
  connection->idle = true;
  connection->deadline.Arm(options.pooled_idle_timeout);
  idle.push_back(std::move(connection));
}

void UpstreamPool::Impl::Discard(UpstreamConnection& connection) {
  auto& idle = addresses[connection.address].idle;
  const auto at = std::find_if(idle.rbegin(), idle.rend(), [&](const auto& one) { return one.get() == &connection; });
  if (at != idle.rend()) idle.erase(std::next(at).base());
}

void UpstreamPool::Impl::CloseIdle() {
  closed = true;
  for (auto& address : addresses) {
    const auto closing = std::move(address.idle);
    address.idle.clear();
  }
}

UpstreamPool::UpstreamPool(const UpstreamOptions& options, std::shared_ptr<UpstreamHealth> health, const Executor& executor)
    : impl_(std::make_shared<Impl>(options, std::move(health), executor)) {}

UpstreamPool::~UpstreamPool() { impl_->CloseIdle(); }

const UpstreamOptions& UpstreamPool::options() const { return impl_->options; }

std::size_t UpstreamPool::idle_connections() const {
  std::size_t idle = 0;
  for (const auto& address : impl_->addresses) idle += address.idle.size();
  return idle;
}

std::size_t UpstreamPool::open_connections(std::size_t address) const { return impl_->addresses[address].open; }

std::size_t UpstreamPool::idle_connections(std::size_t address) const { return impl_->addresses[address].idle.size(); }

bool UpstreamPool::IsHealthy(std::size_t address) const { return impl_->health->IsHealthy(address); }

bool UpstreamPool::AnyAddressHealthy() const { return impl_->health->AnyHealthy(); }

}  // namespace sallyport::net
