// SPDX-License-Identifier: Apache-2.0
// Where a command reads and writes. Tests give string streams; main.cc gives the process's own.
#pragma once

#include <istream>
#include <ostream>

namespace sallyport::cli {

struct Streams {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool out_is_terminal = false;
};

}  // namespace sallyport::cli
