// SPDX-License-Identifier: Apache-2.0
// The answer of an HTTP/1 exchange: everything is tried at once and without a coroutine first.
#include <cerrno>
#include <charconv>

#include "sallyport/net/http1/connection.h"

namespace sallyport::net {
namespace {

constexpr std::size_t kSmallBody = 2048;   // copied behind its head: a plain send is cheaper than a gathering one
constexpr std::string_view kCrLf = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kEndOfDataAndLastChunk = "\r\n0\r\n\r\n";

// "1f4\r\n"
struct ChunkSize {
  std::array<char, 18> text;
  std::size_t size;

  explicit ChunkSize(std::size_t bytes) {
    char* const end = std::to_chars(text.data(), text.data() + 16, bytes, 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    size = static_cast<std::size_t>(end + 2 - text.data());
  }
  std::string_view view() const { return {text.data(), size}; }
};

std::string_view View(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

void WriteParts::Advance(std::size_t bytes) {
  total -= bytes;
  std::size_t first = 0;
  while (first < count && bytes >= part[first].iov_len) bytes -= part[first++].iov_len;
  if (first < count) {
    part[first].iov_base = static_cast<char*>(part[first].iov_base) + bytes;
    part[first].iov_len -= bytes;
  }
  std::copy(part.begin() + static_cast<std::ptrdiff_t>(first), part.begin() + static_cast<std::ptrdiff_t>(count), part.begin());
  count -= first;
}

AnswerContext Http1Connection::Context() const {
  // An unread body that the client has not begun to send is never read: the connection ends here.
  return {scratch_->head.minor_version, scratch_->head.method, keep_alive_ && !close_after_ && !continue_wanted_ && !host_.draining};
}

void Http1Connection::SetHead(const http::ResponseHead& head, const http::HeadEdits& edits, BodyFraming body) {
  auto context = Context();
  scratch_->out.clear();
  const Timestamp now = head.fields.Has(http::HeaderId::kDate) ? Timestamp() : host_.clock->Now();
  answer_ = WriteAnswerHead(scratch_->out, head, edits, body, context, now);
  keep_alive_ = context.keep_alive;
  head_set_ = true;
}

void Http1Connection::SetHead(std::uint16_t status, std::span<const http::HeaderField> fields, std::string_view raw_block,
                              BodyFraming body) {
  auto context = Context();
  scratch_->out.clear();
  answer_ = WriteAnswerHead(scratch_->out, status, fields, raw_block, body, context, host_.clock->Now());
  keep_alive_ = context.keep_alive;
  head_set_ = true;
}

Task<void> Http1Connection::SendInformational(const http::ResponseHead& head, const http::HeadEdits& edits) {
  if (aborted()) co_return Fail(Errc::kAborted);
  if (scratch_->head.minor_version == 0 || head_set_) co_return Result<void>();
  scratch_->out.clear();
  WriteInterimHead(scratch_->out, head, edits, {});
  WriteParts parts;
  parts.Add(scratch_->out);
  const auto sent = co_await WriteRest(parts, 0);
  scratch_->out.clear();
  head_sent_ = false;
  co_return sent;
}

Task<void> Http1Connection::WriteBody(std::span<const char> bytes) {
  if (aborted()) co_return Fail(Errc::kAborted);
  bytes_sent_ += bytes.size();
  if (answer_.framing.kind == BodyFraming::kLength && bytes_sent_ > answer_.framing.length) {
    Abort(AbortReason::kError);
    co_return Fail(Errc::kAborted);
  }
  if (!answer_.sent || bytes.empty()) co_return Result<void>();
  WriteParts parts;
  parts.Add(scratch_->out);
  const ChunkSize size(bytes.size());
  if (answer_.chunked) parts.Add(size.view());
  parts.Add(View(bytes));
  if (answer_.chunked) parts.Add(kCrLf);
  const auto sent = socket_.TryWrite(parts.span());
  head_sent_ = true;
  if (sent != static_cast<std::ptrdiff_t>(parts.total)) SALLYPORT_CO_CHECK(co_await WriteRest(parts, sent));
  scratch_->out.clear();
  co_return Result<void>();
}

Task<void> Http1Connection::Flush() {
  if (aborted()) co_return Fail(Errc::kAborted);
  if (scratch_->out.empty() || ending_) co_return Result<void>();
  WriteParts parts;
  parts.Add(scratch_->out);
  SALLYPORT_CO_CHECK(co_await WriteRest(parts, 0));
  scratch_->out.clear();
  co_return Result<void>();
}

FinishAttempt Http1Connection::TryFinish(std::span<const char> last) {
  if (aborted() || finished_ || !head_set_ || ending_) return FinishAttempt::kNotTaken;
  bytes_sent_ += last.size();
  if (answer_.sent && answer_.framing.kind == BodyFraming::kLength && bytes_sent_ != answer_.framing.length) {
    Abort(AbortReason::kError);  // a shortened body must not look whole
    return FinishAttempt::kMore;
  }
  WriteParts parts;
  const ChunkSize size(last.size());
  if (answer_.sent && !answer_.chunked && last.size() <= kSmallBody) {
    scratch_->out.append(last.data(), last.size());
    last = {};
  }
  parts.Add(scratch_->out);
  if (answer_.sent) {
    const bool chunk = answer_.chunked && !last.empty();
    if (chunk) parts.Add(size.view());
    parts.Add(View(last));
    if (answer_.chunked) parts.Add(chunk ? kEndOfDataAndLastChunk : kLastChunk);
  }
  auto sent = parts.count == 0 ? 0 : socket_.TryWrite(parts.span());
  head_sent_ = true;
  if (sent == static_cast<std::ptrdiff_t>(parts.total)) {
    scratch_->out.clear();
    finished_ = true;
    return FinishAttempt::kDone;
  }
  if (sent < 0 && sent != -EAGAIN) {
    Abort(AbortReason::kClientGone);
    return FinishAttempt::kMore;
  }
  parts.Advance(static_cast<std::size_t>(std::max<std::ptrdiff_t>(sent, 0)));
  std::string rest;
  rest.reserve(parts.total);
  for (const auto& part : parts.span()) rest.append(static_cast<const char*>(part.iov_base), part.iov_len);
  scratch_->out = std::move(rest);
  ending_ = true;
  return FinishAttempt::kMore;
}

Task<void> Http1Connection::Finish() {
  if (finished_) co_return Result<void>();
  if (!ending_ && TryFinish({}) == FinishAttempt::kDone) co_return Result<void>();
  if (aborted()) co_return Fail(abort_reason_ == AbortReason::kClientGone ? Errc::kClientGone : Errc::kAborted);
  WriteParts parts;
  parts.Add(scratch_->out);
  SALLYPORT_CO_CHECK(co_await WriteRest(parts, 0));
  scratch_->out.clear();
  finished_ = true;
  co_return Result<void>();
}

Task<void> Http1Connection::WriteRest(WriteParts parts, std::ptrdiff_t sent) {
  for (;;) {
    if (sent >= 0) {
      parts.Advance(static_cast<std::size_t>(sent));
      if (parts.total == 0) co_return Result<void>();
      if (parts.count != 0) sent = socket_.TryWrite(parts.span());
      head_sent_ = true;
      if (sent >= 0) continue;
    }
    if (sent == -EAGAIN) {
      write_deadline_.Arm(host_.options->write_timeout);
      sent = co_await socket_.AwaitWritable();
      write_deadline_.Disarm();
      if (aborted()) co_return Fail(Errc::kAborted);
      if (sent >= 0) continue;
    }
    if (aborted()) co_return Fail(Errc::kAborted);
    Abort(AbortReason::kClientGone);
    co_return Fail(Errc::kClientGone);
  }
}

Task<ByteStream*> Http1Connection::Upgrade(const http::ResponseHead& head, const http::HeadEdits& edits) {
  if (aborted()) co_return Fail(Errc::kAborted);
  // What came before the 101 was not meant for the tunnel, or was meant to be taken for it.
  if (!raw_.empty() || !body_.done() || socket_.has_result()) {
    Abort(AbortReason::kError);
    co_return Fail(Errc::kAborted);
  }
  head_set_ = upgraded_ = close_after_ = true;
  read_deadline_.Disarm();
  scratch_->out.clear();
  WriteInterimHead(scratch_->out, head, edits, "websocket");
  WriteParts parts;
  parts.Add(scratch_->out);
  SALLYPORT_CO_CHECK(co_await WriteRest(parts, 0));
  scratch_->out.clear();
  finished_ = true;
  co_return static_cast<ByteStream*>(this);
}

Task<void> Http1Connection::Write(std::span<const char> bytes) {
  if (aborted()) co_return Fail(Errc::kAborted);
  bytes_sent_ += bytes.size();
  WriteParts parts;
  parts.Add(View(bytes));
  co_return co_await WriteRest(parts, 0);
}

}  // namespace sallyport::net
