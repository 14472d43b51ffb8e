// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sallyport/base/json.h"
#include "sallyport/base/secret.h"

namespace sallyport::log {
namespace {

class LogFile : public ::testing::Test {
 protected:
  ~LogFile() override {
    Configure({});
    std::filesystem::remove(path_);
  }
  void Begin(Format format, Level level = Level::kInfo) { Configure({.level = level, .format = format, .file = path_}); }
  std::string Text() {
    Flush();
    std::ifstream in(path_);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  const std::string path_ = (std::filesystem::temp_directory_path() / ("sallyport_log_test_" + std::to_string(getpid()))).string();
};

TEST_F(LogFile, TextLineHasTimeLevelMessageAndFields) {
  Begin(Format::kText);
  Warn("upstream is out", {{"upstream", "api"}, {"failures", 3}, {"ratio", 0.5}, {"again", true}, {"why", "no route"}, {"x", ""}});
  Info("ready");
  const std::string text = Text();
  EXPECT_THAT(text, ::testing::ContainsRegex("^20[0-9-]{8}T[0-9:]{8}[.][0-9]{3}Z warn  upstream is out  upstream=api failures=3 "
                                             "ratio=0.5 again=true why=\"no route\" x=\"\"\n"));
  EXPECT_THAT(text, ::testing::HasSubstr("Z info  ready\n"));
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "colours only on a terminal";
}

TEST_F(LogFile, JsonLineIsOneObjectALine) {
  Begin(Format::kJson);
  Error("it \"broke\"\n", {{"user", "a\\b\xff\n\"}"}, {"count", 2U}, {"sure", false}});
  const std::string text = Text();
  ASSERT_EQ(text.find('\n'), text.size() - 1);
  const auto line = ParseJsonObject(std::string_view(text).substr(0, text.size() - 1));
  ASSERT_TRUE(line) << text;
  EXPECT_EQ(GetString(*line, "level"), "error");
  EXPECT_EQ(GetString(*line, "message"), "it \"broke\"\n");
  EXPECT_EQ(GetString(*line, "user"), "a\\b\\xff\n\"}");
  EXPECT_EQ(GetInteger(*line, "count"), 2);
  EXPECT_EQ(GetString(*line, "time")->size(), 24U);
}

TEST_F(LogFile, LevelsBelowTheConfiguredOneAreSilent) {
  Begin(Format::kText, Level::kError);
  Debug("one");
  Info("two");
  Warn("three");
  EXPECT_EQ(Text(), "");
  EXPECT_FALSE(Enabled(Level::kWarn));
  EXPECT_TRUE(Enabled(Level::kError));
}

TEST_F(LogFile, S62_NoValueForgesALineOrAField) {
  Begin(Format::kText);
  Info("a\nb", {{"user", "eve\n2026-01-01T00:00:00.000Z error forged  admin=true"}, {"agent", "x\" admin=\"true"}});
  const std::string text = Text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text, ::testing::HasSubstr("a\\nb  user=\"eve\\n2026"));
  EXPECT_THAT(text, ::testing::HasSubstr("agent=\"x\\\" admin=\\\"true\""));
}

TEST(EscapeForLog, S62_ControlCharactersAndBrokenUtf8AreSpelledOut) {
  EXPECT_EQ(EscapeForLog("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  EXPECT_EQ(EscapeForLog("\r\n\t\x1b[31m\x7f"), "\\r\\n\\t\\x1b[31m\\x7f");
  EXPECT_EQ(EscapeForLog(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(EscapeForLog("\xff\xc0\xaf\xed\xa0\x80\xf5\xe2\x82"), "\\xff\\xc0\\xaf\\xed\\xa0\\x80\\xf5\\xe2\\x82");
  EXPECT_EQ(EscapeForLog("\xc2\x9b"), "\\xc2\\x9b") << "C1 control";
  EXPECT_EQ(EscapeForLog("\xe2\x80\xae"), "\\xe2\\x80\\xae") << "right-to-left override";
}

TEST(EscapeForLog, LongValuesAreCut) { EXPECT_EQ(EscapeForLog("abcdef", 3), "abc..."); }

static_assert(!std::is_constructible_v<Field, std::string_view, const Secret&>, "S62: a Secret has no way into the log");

}  // namespace
}  // namespace sallyport::log
