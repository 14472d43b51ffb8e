// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/run_cli.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "sallyport/cli/cli_fixture.h"
#include "sallyport/cli/output.h"
#include "sallyport/base/version.h"

namespace sallyport::cli {
namespace {

using testing::HasSubstr;
using CommandLine = test::CliTest;

TEST_F(CommandLine, HelpTeachesAndIsFine) {
  const auto ran = Run({"--help"});
  EXPECT_EQ(ran.code, kFine);
  EXPECT_THAT(ran.out, HasSubstr("sallyport dev --web http://localhost:3000"));
  EXPECT_EQ(ran.err, "");
  EXPECT_THAT(Run({"user", "add", "--help"}).out, HasSubstr("Examples:"));
}

TEST_F(CommandLine, WrongUsageIsTwoWithASentenceOrJson) {
  EXPECT_EQ(Run({}).code, kUsage);
  EXPECT_EQ(Run({"dance"}).code, kUsage);
  const auto ran = Run({"user", "list", "--json", "--frobnicate"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.error_code(), "usage");
  EXPECT_EQ(Run({"user", "add"}).code, kUsage);
  EXPECT_EQ(RunHere({"session", "revoke"}).code, kUsage);
}

TEST_F(CommandLine, TheVersionIsThatOfTheBuild) {
  EXPECT_EQ(Run({"version"}).out, "sallyport " + std::string(kVersion) + "\n");
  std::ifstream cmake(std::filesystem::path(SALLYPORT_SOURCE_DIR) / "CMakeLists.txt");
  EXPECT_THAT((std::ostringstream() << cmake.rdbuf()).str(), HasSubstr("project(sallyport VERSION " + std::string(kVersion)));
}

TEST_F(CommandLine, SecretsHave256BitsAndDiffer) {
  const auto first = Run({"secret"}), second = Run({"secret"});
  EXPECT_EQ(first.out.size(), 65u);
  EXPECT_NE(first.out, second.out);
}

TEST_F(CommandLine, InitWritesWhatCheckConfigTakes) {
  const auto folder = Path("new");
  std::filesystem::create_directory(folder);
  EXPECT_EQ(Run({"init", "--directory", folder}).code, kFine);
  struct stat status {};
  ASSERT_EQ(::stat((folder + "/sallyport.secret").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto checked = Run({"check-config", "--config", folder + "/sallyport.toml"});
  EXPECT_EQ(checked.code, kFine) << checked.err;
  EXPECT_EQ(Run({"init", "--directory", folder}).code, kFailed);
}

TEST_F(CommandLine, InitWithForceKeepsTheSecret) {
  EXPECT_EQ(Run({"init", "-d", Path("")}).code, kFailed);
  EXPECT_EQ(Run({"init", "-d", Path(""), "--force"}).code, kFine);
  std::ifstream secret(Path("sallyport.secret"));
  const auto before = (std::ostringstream() << secret.rdbuf()).str();
  EXPECT_EQ(Run({"init", "-d", Path(""), "--force"}).code, kFine);
  std::ifstream again(Path("sallyport.secret"));
  EXPECT_EQ((std::ostringstream() << again.rdbuf()).str(), before);
}

TEST_F(CommandLine, CheckConfigTellsEveryProblem) {
  Write("bad.toml", "public_url = 1\nlisten = \"x\"\n");
  const auto ran = Run({"check-config", "--config", Path("bad.toml")});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_THAT(ran.err, HasSubstr("bad.toml:1: public_url: must be a string"));
  EXPECT_THAT(ran.err, HasSubstr("bad.toml:2: listen: 'x' is not an address"));
  EXPECT_THAT(ran.err, HasSubstr("4 problems; nothing was started."));
  EXPECT_EQ(Run({"check-config", "--json", "--config", Path("bad.toml")}).error_code(), "bad_configuration");
}

TEST_F(CommandLine, WeakeningsAreWarnings) {
  Write("weak.toml", "public_url = \"http://localhost:8080\"\nsecret = \"0123456789abcdef0123456789abcdef\"\n[upstream.a]\nurl = "
                     "\"http://h\"\ncsrf = \"off\"\n[[route]]\npath = \"/*\"\nupstream = \"a\"\n");
  const auto ran = Run({"check-config", "--config", Path("weak.toml")});
  EXPECT_EQ(ran.code, kFine) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("warning: upstream.a.csrf is \"off\""));
}

TEST_F(CommandLine, ServeDoesNotStartOnAWrongConfiguration) {
  Write("bad.toml", "public_url = 1\n");
  EXPECT_EQ(Run({"serve", "--config", Path("bad.toml")}).code, kUsage);
  EXPECT_EQ(Run({"dev", "--web", "https://localhost:3000", "--state-dir", Path("dev")}).code, kUsage);
}

TEST_F(CommandLine, TheStateOfDevNeedsToBeThere) { EXPECT_EQ(Run({"user", "list", "--state-dir", Path("none")}).code, kUsage); }

TEST(Output, TextOfOthersCannotPlayWithTheTerminal) {
  EXPECT_EQ(Printable("a\x1b[31mb\n\x7f\xc2\x9b"), "a\\x1b[31mb\\x0a\\x7f\\x9b");
  EXPECT_EQ(Printable("Zoë"), "Zoë");
}

}  // namespace
}  // namespace sallyport::cli
