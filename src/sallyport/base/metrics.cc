// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/metrics.h"

namespace sallyport {

void AppendPrometheus(std::string& out, std::span<const CounterInfo> infos, std::span<const std::uint64_t> totals,
                      std::string_view type) {
  std::string_view previous;
  for (std::size_t i = 0; i < infos.size() && i < totals.size(); ++i) {
    const CounterInfo& info = infos[i];
    if (info.name != previous) {
      out.append("# HELP ").append(info.name).append(" ").append(info.help).append("\n");
      out.append("# TYPE ").append(info.name).append(" ").append(type).append("\n");
      previous = info.name;
    }
    out.append(info.name);
    if (!info.labels.empty()) out.append("{").append(info.labels).append("}");
    out.append(" ").append(std::to_string(totals[i])).append("\n");
  }
}

}  // namespace sallyport
