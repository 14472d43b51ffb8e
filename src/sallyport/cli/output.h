// SPDX-License-Identifier: Apache-2.0
// What commands print: sentences and tables for people, JSON with --json. Errors go to the error stream, as JSON too with
// --json: {"error": {"code", "message", "hint"}}. Text of others is escaped, so that nothing plays with the terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/cli/streams.h"
#include "sallyport/config/load.h"

namespace sallyport::cli {

// Columns as wide as their widest cell; on a terminal the header is underlined.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

class Output {
 public:
  Output(Streams& streams, bool json) : streams_(streams), json_(json) {}

  bool json() const { return json_; }
  void Json(const json::value& value);      // indented on a terminal, one line otherwise
  void Line(std::string_view text);         // not with --json
  void Rows(const Table& table);
  void Note(std::string_view text);         // to the error stream, not with --json
  // Returns `exit_code`.
  int Error(int exit_code, std::string_view code, std::string_view message, std::string_view hint = {});
  // `consequence` ends the list. Returns kUsage.
  int Problems(const std::vector<config::Problem>& problems, std::string_view consequence = "nothing was started");

 private:
  Streams& streams_;
  bool json_;
};

// Control characters as \xNN; at most `max` bytes.
std::string Printable(std::string_view text, std::size_t max = 200);

}  // namespace sallyport::cli
