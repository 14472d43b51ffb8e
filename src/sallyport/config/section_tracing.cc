// SPDX-License-Identifier: Apache-2.0
// [tracing].
#include "sallyport/config/sections.h"

namespace sallyport::config {

void ReadTracing(Section& tracing, Config& out) {
  auto& options = out.gateway.tracing;
  if (tracing.present()) {
    tracing.Require("endpoint", "where the collector takes OTLP over HTTP: endpoint = \"http://127.0.0.1:4318/v1/traces\"");
  }
  CheckUrl(tracing, "endpoint", options.endpoint);
  if (tracing.Read("service_name", options.service_name) && (options.service_name.empty() || options.service_name.size() > 128)) {
    tracing.Report("service_name", "must have 1 to 128 bytes");
  }
  tracing.ReadNumber("sample_percent", options.sample_percent, 0, 100);
}

}  // namespace sallyport::config
