// SPDX-License-Identifier: Apache-2.0
// The request's body of an HTTP/1 exchange, and the reading half of a tunnel.
#include <algorithm>
#include <cerrno>

#include "sallyport/net/http1/connection.h"

namespace sallyport::net {
namespace {

constexpr std::size_t kMostToPeek = 16 * 1024;
constexpr std::uint64_t kMostToCount = std::uint64_t{1} << 50;   // a thousand times as much fits
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Task<std::span<const char>> Http1Connection::ReadBody() {
  if (!peek_served_) return ServePeeked();
  return ReadPiece();
}

Task<std::span<const char>> Http1Connection::ServePeeked() {
  peek_served_ = true;
  if (aborted()) co_return Fail(Errc::kAborted);
  if (!peeked_.empty()) co_return std::span<const char>(peeked_);
  co_return co_await ReadPiece();
}

Task<std::span<const char>> Http1Connection::ReadPiece() {
  for (;;) {
    if (aborted() || body_stopped_) co_return Fail(Errc::kAborted);
    auto piece = body_.Take(raw_);
    if (!piece) {
      close_after_ = true;
      co_return std::unexpected(std::move(piece).error());
    }
    if (body_.done()) WatchForHangup();
    if (!piece->empty() || body_.done()) co_return std::span<const char>(*piece);

    if (continue_wanted_) {
      continue_wanted_ = false;
      const iovec part{const_cast<char*>(kContinue.data()), kContinue.size()};
      // So few bytes always fit, unless the client has stopped reading answers; waiting here could mix them into one.
      if (!head_set_ && socket_.TryWrite({&part, 1}) != static_cast<std::ptrdiff_t>(kContinue.size())) {
        Abort(AbortReason::kClientGone);
        co_return Fail(Errc::kClientGone);
      }
    }
    if (!body_buffer_ || (full_reads_ >= 2 && body_buffer_.span().size() == LeasedBuffer::kSmall)) {
      body_buffer_ = LeasedBuffer(full_reads_ >= 2);
    }
    std::span<char> room = body_buffer_.span();
    if (framing_.kind == http::BodyKind::kLength && body_.remaining() < room.size()) {
      room = room.first(static_cast<std::size_t>(body_.remaining()));
    }
    const Duration patience = PatienceForBody();
    if (patience.count() == 0) {
      body_stopped_ = close_after_ = true;
      co_return Fail(Errc::kTimeout);
    }
    phase_ = Phase::kBody;
    read_deadline_.Arm(patience);
    socket_.StartRead(room);
    auto got = socket_.TakeRead();
    if (!got) {
      const auto since = host_.clock->Steady();
      got = co_await socket_.AwaitRead();
      body_waited_ += host_.clock->Steady() - since;
    }
    read_deadline_.Disarm();
    phase_ = Phase::kHandling;
    if (aborted() || body_stopped_) co_return Fail(Errc::kAborted);
    if (*got == -ETIMEDOUT) {
      body_stopped_ = close_after_ = true;
      co_return Fail(Errc::kTimeout);
    }
    if (*got <= 0) {
      Abort(AbortReason::kClientGone);
      co_return Fail(Errc::kClientGone);
    }
    raw_ = {room.data(), static_cast<std::size_t>(*got)};
    raw_in_lease_ = true;
    if (raw_.size() == body_buffer_.span().size()) ++full_reads_;
  }
}

// A body may pause for body_timeout, and trickle for as long as the bytes that it has brought are worth at the least rate: a
// byte each time before the time-out would keep the connection for ever.
Duration Http1Connection::PatienceForBody() const {
  const ServerOptions& options = *host_.options;
  if (options.min_body_rate == 0) return options.body_timeout;
  const auto earned = Duration(static_cast<std::int64_t>(std::min(body_.received(), kMostToCount) * 1000 / options.min_body_rate));
  const auto left = std::chrono::ceil<Duration>(options.body_timeout + earned - body_waited_);
  return std::clamp(left, Duration(0), options.body_timeout);
}

Task<std::string_view> Http1Connection::PeekBody(std::size_t want) {
  want = std::min(want, kMostToPeek);
  peek_served_ = false;
  while (peeked_.size() < want && !body_.done()) {
    SALLYPORT_CO_TRY(const auto piece, co_await ReadPiece());
    peeked_.append(piece.data(), piece.size());
  }
  co_return std::string_view(peeked_);
}

Task<std::string> Http1Connection::ReadWholeBody(std::size_t max) {
  std::string whole;
  if (framing_.kind == http::BodyKind::kLength) {
    if (framing_.length > max) {
      close_after_ = true;
      co_return Fail(Errc::kBodyTooLarge);
    }
    whole.reserve(static_cast<std::size_t>(framing_.length));
  }
  for (;;) {
    SALLYPORT_CO_TRY(const auto piece, co_await ReadBody());
    if (piece.empty()) co_return whole;
    if (whole.size() + piece.size() > max) {
      close_after_ = true;
      co_return Fail(Errc::kBodyTooLarge);
    }
    whole.append(piece.data(), piece.size());
  }
}

bool Http1Connection::BodyIsBuffered(std::span<const char>& body) const {
  body = {};
  if (body_stopped_) return false;
  if (!peek_served_) {
    body = peeked_;
    return body_.done();
  }
  if (body_.received() != 0) return false;  // a part is gone
  if (body_.done()) return true;
  if (framing_.kind != http::BodyKind::kLength || raw_.size() < framing_.length || !body_.within_limit()) return false;
  body = std::span<const char>(raw_).first(static_cast<std::size_t>(framing_.length));
  return true;
}

std::uint64_t Http1Connection::bytes_received() const {
  if (framing_.kind != http::BodyKind::kLength) return body_.received();
  return body_.received() + std::min<std::uint64_t>(raw_.size(), body_.remaining());
}

void Http1Connection::StopReadingBody() {
  if (body_.done()) return;
  body_stopped_ = true;
  if (phase_ == Phase::kBody) socket_.FailRead(ECANCELED);
}

Task<std::span<const char>> Http1Connection::ReadSome() {
  if (aborted()) co_return Fail(Errc::kAborted);
  auto got = socket_.TakeRead();
  if (!got) {
    if (!socket_.reading()) {
      if (!body_buffer_) body_buffer_ = LeasedBuffer(false);
      raw_in_lease_ = true;
      socket_.StartRead(body_buffer_.span());
    }
    got = co_await socket_.AwaitRead();
  }
  if (aborted()) co_return Fail(Errc::kAborted);
  if (*got < 0) co_return Fail(Errc::kClientGone);
  // The first read was begun before the upgrade, behind the head.
  const char* const at = raw_in_lease_ ? body_buffer_.span().data() : scratch_->in.free().data();
  const auto size = static_cast<std::size_t>(*got);
  if (!raw_in_lease_) scratch_->in.Commit(size);
  co_return std::span<const char>(at, size);
}

}  // namespace sallyport::net
