// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/access_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>

#include "sallyport/base/log.h"
#include "support/temp_dir.h"

namespace sallyport::gateway {
namespace {

std::string ReadAll(int fd) {
  std::string text;
  char piece[65536];
  for (ssize_t size; (size = ::read(fd, piece, sizeof piece)) > 0;) text.append(piece, static_cast<std::size_t>(size));
  return text;
}

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() { log::Configure({.file = diagnostic_}); }
  ~AccessLogTest() override { log::Configure({}); }

  std::unique_ptr<AccessLog> Open() {
    LogOptions options;
    options.access_file = file_;
    auto log = AccessLog::Open(options, 1);
    if (!log) throw std::runtime_error(log.error().ToLogString());
    return *std::move(log);
  }
  static AccessLine LineFor(std::string_view path) {
    AccessLine line;
    line.at = FromUnixSeconds(1'800'000'000);
    line.client = "192.0.2.1";
    line.method = "GET";
    line.path = path;
    line.request_id = "r1";
    line.status = 200;
    return line;
  }
  std::string Diagnostic() {
    log::Flush();
    std::ifstream file(diagnostic_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TempDir dir_;
  const std::string file_ = dir_.File("access.log");
  const std::string diagnostic_ = dir_.File("diagnostic.log");
};

TEST_F(AccessLogTest, WhatWasWrittenIsThereWhenItIsClosed) {
  Open()->Write(0, LineFor("/a\"\n"));
  std::ifstream file(file_);
  std::string line, more;
  ASSERT_TRUE(std::getline(file, line));
  EXPECT_EQ(line, "2027-01-15T08:00:00Z 192.0.2.1 GET /a\\\"\\n 200 0 0 0us - - r1");
  EXPECT_FALSE(std::getline(file, more)) << "S62: no value makes a line of its own";
  EXPECT_EQ(Diagnostic().find("dropped"), std::string::npos);
}

// The log is a pipe that nobody reads: what it holds, what is on its way into it and the backlog are less than what is written.
TEST_F(AccessLogTest, LinesThatCannotBeWrittenInTimeAreDroppedCountedAndToldOf) {
  constexpr int kLines = 8000;
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  const int reader = ::open(file_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(reader, 0);
  auto log = Open();
  const std::string path = "/" + std::string(999, 'x');
  for (int i = 0; i < kLines; ++i) log->Write(0, LineFor(path));

  ASSERT_EQ(::fcntl(reader, F_SETFL, 0), 0);
  auto text = std::async(std::launch::async, ReadAll, reader);
  log.reset();
  const std::string written = text.get();
  ::close(reader);

  const auto kept = std::ranges::count(written, '\n');
  EXPECT_LT(kept, kLines);
  EXPECT_GT(kept, 900) << "the backlog of 1 MiB is kept";
  EXPECT_NE(Diagnostic().find("access lines were dropped"), std::string::npos);
  // Two warnings are possible; together they name every line that is missing.
  std::int64_t dropped = 0;
  const std::string said = Diagnostic();
  for (auto at = said.find("lines="); at != std::string::npos; at = said.find("lines=", at + 1)) dropped += std::stoll(said.substr(at + 6));
  EXPECT_EQ(kept + dropped, kLines) << said;
}

}  // namespace
}  // namespace sallyport::gateway
