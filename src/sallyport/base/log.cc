// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "sallyport/base/log_line.h"

namespace sallyport::log {
namespace {

struct Destination {
  std::shared_ptr<spdlog::logger> logger;
  Format format = Format::kText;
};

// %* in the pattern: our own level names, all five characters wide.
class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
    const std::string_view name = message.level == spdlog::level::debug  ? "debug"
                                  : message.level == spdlog::level::info ? "info "
                                  : message.level == spdlog::level::warn ? "warn "
                                                                         : "error";
    out.append(name.data(), name.data() + name.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<LevelFlag>(); }
};

std::unique_ptr<Destination> Open(const Options& options) {
  std::shared_ptr<spdlog::sinks::sink> sink;
  if (options.file.empty()) {
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();  // colours only on a terminal
  } else {
    sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
  }
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
  formatter->add_flag<LevelFlag>('*');
  formatter->set_pattern(options.format == Format::kText ? "%Y-%m-%dT%H:%M:%S.%eZ %^%*%$ %v"
                                                         : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})");
  auto logger = std::make_shared<spdlog::logger>("sallyport", sink);
  logger->set_formatter(std::move(formatter));
  logger->set_level(spdlog::level::trace);  // Enabled() has judged before
  logger->flush_on(spdlog::level::warn);
  return std::make_unique<Destination>(Destination{std::move(logger), options.format});
}

std::atomic<Level> g_level{Level::kInfo};
std::atomic<Destination*> g_destination{nullptr};

// Destinations are kept for ever: a thread may still write through the one before a reload, and there are few.
Destination* Install(const Options& options) {
  static std::mutex mutex;
  static auto* const all = new std::vector<std::unique_ptr<Destination>>();
  const std::lock_guard lock(mutex);
  all->push_back(Open(options));
  g_destination.store(all->back().get(), std::memory_order_release);
  return all->back().get();
}

Destination& Current() {
  Destination* destination = g_destination.load(std::memory_order_acquire);
  return destination != nullptr ? *destination : *Install(Options{});
}

spdlog::level::level_enum ToSpdlog(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarn: return spdlog::level::warn;
    case Level::kError: break;
  }
  return spdlog::level::err;
}

}  // namespace

void Configure(const Options& options) {
  Destination* before = g_destination.load(std::memory_order_acquire);
  Install(options);
  g_level.store(options.level, std::memory_order_relaxed);
  if (before != nullptr) before->logger->flush();
}

bool Enabled(Level level) { return level >= g_level.load(std::memory_order_relaxed); }

void Write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  Destination& destination = Current();
  const std::string line =
      destination.format == Format::kText ? TextLine(message, fields) : JsonMembers(level, message, fields);
  destination.logger->log(ToSpdlog(level), spdlog::string_view_t(line.data(), line.size()));
}

void Flush() { Current().logger->flush(); }

}  // namespace sallyport::log
