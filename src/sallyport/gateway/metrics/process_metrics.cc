// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/metrics/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace sallyport::gateway {
namespace {

struct ProcStat {
  double cpu_ticks = 0, start_ticks = 0, threads = 0, virtual_bytes = 0, resident_pages = 0;
};

// proc(5): the name in parentheses may hold anything, so fields are counted after the last one.
std::optional<ProcStat> ReadStat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string state;
  fields >> state;
  ProcStat stat;
  for (int number = 4; number <= 24; ++number) {
    double value = 0;
    if (!(fields >> value)) return std::nullopt;
    if (number == 14 || number == 15) stat.cpu_ticks += value;
    if (number == 20) stat.threads = value;
    if (number == 22) stat.start_ticks = value;
    if (number == 23) stat.virtual_bytes = value;
    if (number == 24) stat.resident_pages = value;
  }
  return stat;
}

// Not from /proc/stat, which a sandbox may hide.
double BootTime() {
  const auto now = [](clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  return now(CLOCK_REALTIME) - now(CLOCK_BOOTTIME);
}

std::optional<double> OpenDescriptors() {
  DIR* const folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return std::nullopt;
  double count = -3;   // "." and "..", and the one that reads
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

}  // namespace

void WriteProcessMetrics(MetricsText& text) {
  if (const auto stat = ReadStat()) {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    text.Begin("process_cpu_seconds_total", MetricType::kCounter, "Processor time used, user and system.");
    text.Sample({}, stat->cpu_ticks / ticks);
    text.Gauge("process_resident_memory_bytes", "Memory in RAM.", stat->resident_pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    text.Gauge("process_virtual_memory_bytes", "Address space.", stat->virtual_bytes);
    text.Gauge("process_threads", "Threads.", stat->threads);
    static const double boot = BootTime();   // once, so that the figure stays the same
    text.Gauge("process_start_time_seconds", "When the process started, Unix time.", boot + stat->start_ticks / ticks);
  }
  if (const auto open = OpenDescriptors()) text.Gauge("process_open_fds", "Open file descriptors.", *open);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) text.Gauge("process_max_fds", "How many there may be.", static_cast<double>(limit.rlim_cur));
}

}  // namespace sallyport::gateway
