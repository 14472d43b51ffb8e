// SPDX-License-Identifier: Apache-2.0
// Manual pages and completion scripts, by the programs that read them: bash, and man where it is there.
#include <gmock/gmock.h>

#include <cstdlib>

#include "sallyport/cli/cli_fixture.h"
#include "sallyport/config/settings.h"

namespace sallyport::cli {
namespace {

using testing::HasSubstr;
using Documentation = test::CliTest;

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path);
  return (std::ostringstream() << file.rdbuf()).str();
}

TEST_F(Documentation, EveryCommandHasAManualPageWithItsOptions) {
  const auto ran = Run({"manual", "--directory", Path("man"), "--json"});
  ASSERT_EQ(ran.code, kFine) << ran.err;
  EXPECT_EQ(ran.json().at("pages").as_array().size(), static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(Path("man")), {})));
  const std::string user = ReadAll(Path("man/sallyport-user.1"));
  EXPECT_THAT(user, HasSubstr(".TH SALLYPORT-USER 1"));
  EXPECT_THAT(user, HasSubstr("\\fB\\-\\-password\\-stdin\\fR"));
  EXPECT_THAT(user, HasSubstr("pwgen 24 1 | sallyport user add"));
  EXPECT_THAT(ReadAll(Path("man/sallyport.1")), HasSubstr("\\fBsallyport\\-check\\-config\\fR(1)"));
}

TEST_F(Documentation, TheConfigurationsPageHasEverySetting) {
  ASSERT_EQ(Run({"manual", "--directory", Path("man")}).code, kFine);
  const std::string page = ReadAll(Path("man/sallyport.toml.5"));
  for (const auto& setting : config::AllSettings()) EXPECT_THAT(page, HasSubstr("\\fB" + std::string(setting.key) + "\\fR (")) << setting.section;
}

TEST_F(Documentation, PagesAreCleanRoff) {
  if (std::system("command -v groff >/dev/null") != 0) GTEST_SKIP() << "groff is not installed here";
  ASSERT_EQ(Run({"manual", "--directory", Path("man")}).code, kFine);
  for (const auto& page : std::filesystem::directory_iterator(Path("man"))) {
    const std::string warnings = Path("warnings");
    EXPECT_EQ(std::system(("groff -k -man -ww -Tutf8 '" + page.path().string() + "' >/dev/null 2>'" + warnings + "'").c_str()), 0);
    EXPECT_EQ(ReadAll(warnings), "") << page.path();
  }
}

// What bash offers after `words`, the last of which is being typed.
std::string Offered(const std::string& script, const std::string& words, int count) {
  const std::string out = script + ".out";
  const std::string command = "bash -c 'source " + script + "; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(count - 1) +
                              "; _sallyport; printf \"%s\\n\" \"${COMPREPLY[@]}\"' > " + out;
  return std::system(command.c_str()) == 0 ? ReadAll(out) : "bash failed";
}

TEST_F(Documentation, BashCompletesCommandsAndOptions) {
  const auto ran = Run({"completion", "bash"});
  ASSERT_EQ(ran.code, kFine);
  Write("complete", ran.out);
  EXPECT_THAT(Offered(Path("complete"), "sallyport us", 2), HasSubstr("user\n"));
  EXPECT_EQ(Offered(Path("complete"), "sallyport user di", 3), "disable\n");
  EXPECT_THAT(Offered(Path("complete"), "sallyport user add --e", 4), HasSubstr("--email\n"));
  EXPECT_THAT(Offered(Path("complete"), "sallyport --json session re", 4), HasSubstr("revoke\n"));
}

TEST_F(Documentation, OtherShellsHaveTheirs) {
  EXPECT_THAT(Run({"completion", "zsh"}).out, HasSubstr("#compdef sallyport"));
  EXPECT_THAT(Run({"completion", "fish"}).out, HasSubstr("-a user -d 'People and their passwords'"));
  EXPECT_EQ(Run({"completion", "tcsh"}).code, kUsage);
}

}  // namespace
}  // namespace sallyport::cli
