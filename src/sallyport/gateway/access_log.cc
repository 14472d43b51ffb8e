// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/access_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
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

// Writes a line into room that is large enough.
class Line {
 public:
  explicit Line(char* to) : at_(to) {}

  Line& operator<<(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  Line& operator<<(std::uint64_t number) {
    at_ = std::to_chars(at_, at_ + kDigits, number).ptr;
    return *this;
  }
  char* end() const { return at_; }

  static constexpr std::size_t kDigits = 20;
  static constexpr std::size_t kFixedText = 256;   // everything of a line but its texts

 private:
  char* at_;
};

// As it is, or escaped into `scratch`.
std::string_view Safe(std::string_view text, std::string& scratch) {
  if (!NeedsEscape(text)) return text;
  scratch = log::EscapeForLog(text);
  return scratch;
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
    std::string method_scratch, path_scratch;
    const std::string_view method = Safe(line.method, method_scratch), path = Safe(line.path, path_scratch);
    const std::size_t begin = buffer.lines.size();
    buffer.lines.resize(begin + Line::kFixedText + buffer.stamp.size() + line.client.size() + method.size() + path.size() +
                        line.upstream.size() + line.session_id.size() + line.request_id.size());
    Line out(buffer.lines.data() + begin);
    if (state_->format == log::Format::kJson) {
      out << R"({"time":")" << buffer.stamp << R"(","client":")" << line.client << R"(","method":")" << method << R"(","path":")" << path
          << R"(","status":)" << line.status << R"(,"bytes_in":)" << line.bytes_in << R"(,"bytes_out":)" << line.bytes_out
          << R"(,"micros":)" << line.micros << R"(,"upstream":")" << line.upstream << R"(","session":")" << line.session_id
          << R"(","request_id":")" << line.request_id << R"(","aborted":)" << (line.aborted ? "true}\n" : "false}\n");
    } else {
      out << buffer.stamp << " " << line.client << " " << method << " " << path << " " << line.status << " " << line.bytes_in << " "
          << line.bytes_out << " " << line.micros << "us " << OrDash(line.upstream) << " " << OrDash(line.session_id) << " "
          << line.request_id << (line.aborted ? " aborted\n" : "\n");
    }
    buffer.lines.resize(static_cast<std::size_t>(out.end() - buffer.lines.data()));
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
