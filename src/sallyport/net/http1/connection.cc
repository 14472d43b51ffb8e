// SPDX-License-Identifier: Apache-2.0
// The connection's life: heads, one exchange after the other, the end. Body and answer are in connection_body.cc and
// connection_answer.cc.
#include "sallyport/net/http1/connection.h"

#include <algorithm>
#include <cerrno>

#include "sallyport/async/loop.h"
#include "sallyport/base/log.h"

namespace sallyport::net {
namespace {

constexpr std::size_t kLeastRoomToWatch = 256;
constexpr std::size_t kMostToDrain = 64 * 1024;
constexpr std::size_t kMostToLinger = 1024 * 1024;
constexpr Duration kDrainTime{2'000};
constexpr Duration kLingerTime{2'000};
constexpr Duration kFirstRequestWhenDraining{1'000};
constexpr Duration kSlowAnswer{200};

}  // namespace

Http1Connection::Http1Connection(ConnectionHost& host, Socket socket, std::string address, std::uint16_t port)
    : host_(host), socket_(std::move(socket)), address_(std::move(address)), peer_{address_, port} {
  socket_.set_observer(this);
  auto& wheel = async::Loop::Current()->wheel();
  read_deadline_.Register(wheel, [this] { OnDeadline(); });
  write_deadline_.Register(wheel, [this] { Abort(AbortReason::kTimeout); });
}

Http1Connection::~Http1Connection() = default;

Coroutine<void> Http1Connection::Run(std::shared_ptr<Http1Connection> self) {
  auto& c = *self;
  Next step = Next::kRequest;
  while (step == Next::kRequest) {
    std::size_t head_size = 0;
    std::size_t scanned = 0;
    c.phase_ = Phase::kIdle;
    c.read_deadline_.Arm(c.served_ == 0 ? c.host_.options->header_timeout : c.host_.options->idle_timeout);
    for (;;) {
      if (c.scratch_ && !c.scratch_->in.empty()) {
        auto parsed = http::ParseRequestHead(c.scratch_->in.view(), scanned, c.host_.options->head, c.scratch_->head);
        if (!parsed) {
          co_await c.Refuse(std::move(parsed).error());
          co_return c.host_.Left(c);
        }
        if ((head_size = *parsed) != 0) break;
        scanned = c.scratch_->in.size();
        if (c.phase_ == Phase::kIdle) {
          c.phase_ = Phase::kHead;
          c.read_deadline_.Arm(c.host_.options->header_timeout);
        }
      } else if (c.host_.draining && !c.host_.lingering && c.served_ > 0) {
        co_return c.host_.Left(c);
      } else {
        c.Rest();
      }
      auto got = c.socket_.TakeRead();
      if (!got) {
        if (!c.socket_.reading()) c.socket_.StartRead(c.scratch_ ? c.BufferForRead() : std::span<char>());
        got = co_await c.socket_.AwaitRead();
      }
      if (*got <= 0) {
        if (*got == -ETIMEDOUT && c.phase_ == Phase::kHead) co_await c.Refuse(Error(Errc::kTimeout));
        co_return c.host_.Left(c);
      }
      c.scratch_->in.Commit(static_cast<std::size_t>(*got));
    }
    auto framing = http::FrameRequest(c.scratch_->head);
    if (!framing) {
      co_await c.Refuse(std::move(framing).error());
      break;
    }
    c.framing_ = *framing;
    c.BeginExchange(head_size);
    co_await c.host_.handler->Handle(c);
    step = co_await c.EndExchange();
  }
  if (step == Next::kLinger) co_await c.Linger();
  c.host_.Left(c);
}

void Http1Connection::BeginExchange(std::size_t head_size) {
  ++served_;
  head_size_ = head_size;
  body_.Begin(framing_);
  raw_ = scratch_->in.view().substr(head_size);
  raw_in_lease_ = false;
  continue_wanted_ = framing_.expect_continue && raw_.empty();
  keep_alive_ = framing_.keep_alive && !host_.draining;
  peek_served_ = true;
  body_stopped_ = head_set_ = head_sent_ = ending_ = finished_ = close_after_ = false;
  full_reads_ = 0;
  bytes_sent_ = 0;
  abort_listener_ = nullptr;
  scratch_->out.clear();
  started_ = host_.clock->Steady();
  phase_ = Phase::kHandling;
  read_deadline_.Disarm();
  if (body_.done()) WatchForHangup();
}

std::span<char> Http1Connection::BufferForRead() {
  if (!scratch_) scratch_ = LeaseScratch();
  scratch_->in.MakeRoom(host_.options->head.max_head_bytes + Scratch::kInput);
  return scratch_->in.free();
}

void Http1Connection::Rest() {
  if (!scratch_ || socket_.has_result()) return;
  socket_.LetGoOfBuffer();
  scratch_.reset();
}

// Begins the read of the next request now. What comes stays in the buffer; the end of the stream aborts the exchange.
void Http1Connection::WatchForHangup() {
  if (!raw_.empty() || socket_.reading() || aborted()) return;
  if (!raw_in_lease_ && scratch_->in.capacity() == Scratch::kInput && scratch_->in.free().size() >= kLeastRoomToWatch) {
    socket_.StartRead(scratch_->in.free());
  } else {
    read_deadline_.Arm(kSlowAnswer);  // a grown or full buffer is tidied up first, unless the answer takes long
  }
}

void Http1Connection::OnUnawaitedRead(std::ptrdiff_t result) {
  if (result <= 0 && phase_ == Phase::kHandling && !finished_) Abort(AbortReason::kClientGone);
}

void Http1Connection::OnDeadline() {
  if (phase_ != Phase::kHandling) return socket_.FailRead(ETIMEDOUT);
  if (!body_.done() || !raw_.empty() || aborted() || upgraded_) return;
  if (raw_in_lease_) {
    // The body is over and its buffer is empty: the rest of scratch_->in is free.
    raw_in_lease_ = false;
    raw_ = {};
  }
  if (!scratch_->in.free().empty()) socket_.StartRead(scratch_->in.free());
}

Coroutine<Http1Connection::Next> Http1Connection::EndExchange() {
  read_deadline_.Disarm();
  abort_listener_ = nullptr;
  if (!aborted() && !head_set_) {
    log::Error("a request was left without an answer", {{"target", scratch_->head.raw_target}});
    Abort(AbortReason::kError);
  }
  if (!aborted() && !finished_) (void)co_await Finish();
  if (aborted()) co_return Next::kClose;
  if (!body_.done() && !body_stopped_ && !continue_wanted_ && !upgraded_) {
    body_.set_limit(body_.received() + kMostToDrain);
    const bool small = framing_.kind != http::BodyKind::kLength || body_.remaining() <= kMostToDrain;
    if (small) {
      phase_ = Phase::kBody;
      while (!body_.done()) {
        auto piece = body_.Take(raw_);
        if (!piece || (piece->empty() && !body_.done())) break;
      }
    }
    peek_served_ = true;
    const auto deadline = host_.clock->Steady() + kDrainTime;
    while (small && !body_.done() && host_.clock->Steady() < deadline) {
      const auto piece = co_await ReadPiece();
      if (!piece || piece->empty()) break;
    }
  }
  if (aborted() || upgraded_) co_return Next::kClose;
  if (!body_.done()) co_return Next::kLinger;
  if (!keep_alive_ || close_after_) co_return raw_.empty() ? Next::kClose : Next::kLinger;

  if (raw_in_lease_) {
    if (!socket_.reading() && !raw_.empty()) {
      scratch_->in.Assign(raw_);
    } else {
      scratch_->in.Consume(scratch_->in.size());
    }
  } else {
    scratch_->in.Consume(scratch_->in.size() - raw_.size());
  }
  body_buffer_.Return();
  raw_ = {};
  raw_in_lease_ = false;
  if (peeked_.capacity() > Scratch::kInput) peeked_ = std::string();
  peeked_.clear();
  co_return Next::kRequest;
}

// Answers what could not become an exchange, and closes without losing the answer.
Coroutine<void> Http1Connection::Refuse(Error error) {
  phase_ = Phase::kClosing;
  read_deadline_.Arm(host_.options->write_timeout);
  const std::string answer = host_.handler->AnswerToUnreadable(error);
  write_deadline_.Arm(host_.options->write_timeout);
  const auto sent = co_await socket_.WriteAll(answer);
  write_deadline_.Disarm();
  if (sent == 0) co_await Linger();
}

// A close with unread bytes in the kernel sends RST, and an RST can overtake the answer in the client's kernel: say that
// nothing more comes, then read on for a short while.
Coroutine<void> Http1Connection::Linger() {
  phase_ = Phase::kClosing;
  socket_.ShutdownWrite();
  const auto until = host_.clock->Steady() + kLingerTime;
  read_deadline_.Arm(kLingerTime);
  if (!body_buffer_) body_buffer_ = LeasedBuffer(false);
  for (std::size_t total = 0; total < kMostToLinger && host_.clock->Steady() < until;) {
    socket_.StartRead(body_buffer_.span());
    auto got = socket_.TakeRead();
    if (!got) got = co_await socket_.AwaitRead();
    if (*got <= 0) break;
    total += static_cast<std::size_t>(*got);
  }
  read_deadline_.Disarm();
  socket_.Close();
}

void Http1Connection::Drain() {
  if (phase_ == Phase::kHandling || phase_ == Phase::kBody) {
    keep_alive_ = keep_alive_ && head_set_;  // too late to be said, and then closed after the answer all the same
    close_after_ = true;
  } else if (phase_ == Phase::kIdle && served_ > 0) {
    socket_.FailRead(ECANCELED);
  } else if (phase_ == Phase::kIdle) {
    read_deadline_.Arm(kFirstRequestWhenDraining);
  }
}

void Http1Connection::Abort(AbortReason reason) {
  if (aborted()) return;
  abort_reason_ = reason;
  if (head_sent_ && !finished_) {
    socket_.Reset();
  } else {
    socket_.Close();
  }
  if (abort_listener_ != nullptr) std::exchange(abort_listener_, nullptr)->OnAbort();
}

}  // namespace sallyport::net
