// SPDX-License-Identifier: Apache-2.0
// The process's own figures, under the names that Prometheus's client libraries use: CPU, memory, descriptors, threads, start.
#pragma once

#include "sallyport/base/metrics_text.h"

namespace sallyport::gateway {

// Reads /proc/self; what cannot be read is left out. A fraction of a millisecond.
void WriteProcessMetrics(MetricsText& text);

}  // namespace sallyport::gateway
