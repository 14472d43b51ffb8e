// SPDX-License-Identifier: Apache-2.0
// Reads the configuration file again and puts it into use, or says why not and changes nothing.
//
// A file with a problem is refused as a whole: every problem is logged and reported. Settings that cannot change while the
// process runs are named, and the rest applies. Thread-safe: one reload after the other; blocks, so never on a worker.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/config/load.h"
#include "sallyport/gateway/app.h"

namespace sallyport::gateway {

struct ReloadReport {
  std::vector<config::Problem> problems;      // not empty: refused
  std::vector<std::string> needs_restart;     // keys that differ and were left as they run
  std::vector<std::string> warnings;          // of the new configuration
};

class Reloader {
 public:
  // `app` must outlive it. `file` may be empty: then there is nothing to read, which is a problem.
  Reloader(App& app, std::string file, config::Environment environment);

  // `caller` goes into the audit log: "SIGHUP", "uid 1000".
  ReloadReport Reload(std::string_view caller);

 private:
  ReloadReport Apply();

  App& app_;
  const std::string file_;
  const config::Environment environment_;
  std::mutex mutex_;
};

}  // namespace sallyport::gateway
