// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/access_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "sallyport/base/log.h"

namespace sallyport::gateway {
namespace {

constexpr std::size_t kFlushBytes = 64 * 1024;
constexpr std::size_t kMaxBacklog = 16 * kFlushBytes;

bool NeedsEscape(std::string_view text) {
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u >= 0x7f || c == '"' || c == '\\') return true;
  }
  return text.size() > 1024;
}

void AppendSafe(fmt::memory_buffer& out, std::string_view text) {
  if (NeedsEscape(text)) {
    const std::string escaped = log::EscapeForLog(text);
    out.append(escaped.data(), escaped.data() + escaped.size());
  } else {
    out.append(text.data(), text.data() + text.size());
  }
}

std::string_view OrDash(std::string_view text) { return text.empty() ? "-" : text; }

}  // namespace

struct AccessLog::State {
  // One per worker; the lock is shared with the writer thread only, which holds it for a swap.
  struct alignas(64) Buffer {
    std::mutex mutex;
    fmt::memory_buffer lines;
    std::int64_t second = -1;        // for the cached time stamp
    std::string stamp;
  };

  std::string file;
  log::Format format;
  int fd = -1;
  std::vector<Buffer> buffers;
  std::atomic<std::uint64_t> dropped{0};
  std::uint64_t told = 0;            // of those; the writer's
  std::mutex wake_mutex;
  std::condition_variable wake;
  bool stop = false;
  bool full = false;
  std::thread writer;

  explicit State(std::size_t workers) : buffers(workers) {}

  void Drain() {
    fmt::memory_buffer taken;
    for (Buffer& buffer : buffers) {
      {
        std::lock_guard lock(buffer.mutex);
        std::swap(taken, buffer.lines);
      }
      WriteAll(taken);
      taken.clear();
    }
    const auto total = dropped.load(std::memory_order_relaxed);
    if (const auto lost = total - std::exchange(told, total); lost > 0)
      log::Warn("access lines were dropped: the log could not be written as fast as requests came", {{"lines", lost}});
  }

  void WriteAll(const fmt::memory_buffer& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
      if (n > 0) {
        done += static_cast<std::size_t>(n);
      } else if (n < 0 && errno != EINTR) {
        return;   // a full disk must not stop the service; the lines are lost
      }
    }
  }

  void Loop() {
    std::unique_lock lock(wake_mutex);
    while (!stop) {
      wake.wait_for(lock, std::chrono::seconds(1), [&] { return stop || full; });
      full = false;
      lock.unlock();
      Drain();
      lock.lock();
    }
  }
};

AccessLog::AccessLog(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->writer = std::thread([s = state_.get()] { s->Loop(); });
}

Result<std::unique_ptr<AccessLog>> AccessLog::Open(const LogOptions& options, std::size_t workers) {
  auto state = std::make_unique<State>(workers);
  state->file = options.access_file;
  state->format = options.access_format;
  state->fd = options.access_file.empty() ? ::dup(STDOUT_FILENO)
                                          : ::open(options.access_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (state->fd < 0)
    return Fail(std::error_code(errno, std::generic_category()), "cannot open the access log '" + options.access_file + "'");
  return std::unique_ptr<AccessLog>(new AccessLog(std::move(state)));
}

AccessLog::~AccessLog() {
  {
    std::lock_guard lock(state_->wake_mutex);
    state_->stop = true;
  }
  state_->wake.notify_one();
  state_->writer.join();
  state_->Drain();
  ::close(state_->fd);
}

std::uint64_t AccessLog::dropped() const { return state_->dropped.load(std::memory_order_relaxed); }

void AccessLog::Write(std::size_t worker, const AccessLine& line) {
  State::Buffer& buffer = state_->buffers[worker];
  std::size_t size = 0;
  {
    std::lock_guard lock(buffer.mutex);
    if (buffer.lines.size() > kMaxBacklog) {
      state_->dropped.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    const std::int64_t second = UnixSeconds(line.at);
    if (second != buffer.second) {
      buffer.second = second;
      buffer.stamp = ToIso8601(FromUnixSeconds(second)).substr(0, 19) + "Z";
    }
    auto out = std::back_inserter(buffer.lines);
    if (state_->format == log::Format::kJson) {
      fmt::format_to(out, R"({{"time":"{}","client":"{}","method":")", buffer.stamp, line.client);
      AppendSafe(buffer.lines, line.method);
      fmt::format_to(out, R"(","path":")");
      AppendSafe(buffer.lines, line.path);
      fmt::format_to(out, R"(","status":{},"bytes_in":{},"bytes_out":{},"micros":{},"upstream":"{}","session":"{}","request_id":"{}","aborted":{}}})" "\n",
                     line.status, line.bytes_in, line.bytes_out, line.micros, line.upstream, line.session_id, line.request_id, line.aborted);
    } else {
      fmt::format_to(out, "{} {} ", buffer.stamp, line.client);
      AppendSafe(buffer.lines, line.method);
      buffer.lines.push_back(' ');
      AppendSafe(buffer.lines, line.path);
      fmt::format_to(out, " {} {} {} {}us {} {} {}{}\n", line.status, line.bytes_in, line.bytes_out, line.micros,
                     OrDash(line.upstream), OrDash(line.session_id), line.request_id, line.aborted ? " aborted" : "");
    }
    size = buffer.lines.size();
  }
  if (size > kFlushBytes) {
    {
      std::lock_guard lock(state_->wake_mutex);
      state_->full = true;
    }
    state_->wake.notify_one();
  }
}

}  // namespace sallyport::gateway
