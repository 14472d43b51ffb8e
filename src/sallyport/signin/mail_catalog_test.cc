// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temp_dir.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MailCatalogTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = dir_.File(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  Result<MailCatalog> Load() { return MailCatalog::Load(dir_.File("")); }
  std::string Fault() {
    const auto loaded = Load();
    return loaded ? "" : loaded.error().detail;
  }
  test::TempDir dir_;
};

TEST_F(MailCatalogTest, EveryBuiltInLanguageHasEveryMail) {
  const MailCatalog& catalog = MailCatalog::BuiltIn();
  EXPECT_THAT(catalog.languages(), ElementsAre("de", "en"));
  for (const auto& kind : MailKinds()) {
    EXPECT_NE(catalog.Text("de", kind.name).subject, catalog.Text("en", kind.name).subject) << kind.name;
    EXPECT_EQ(catalog.Text("de", kind.name).paragraphs.size(), catalog.Text("en", kind.name).paragraphs.size()) << kind.name;
  }
}

TEST_F(MailCatalogTest, TheBrowserChooses) {
  const MailCatalog& catalog = MailCatalog::BuiltIn();
  EXPECT_EQ(catalog.Choose("de-AT,de;q=0.9,en;q=0.5", "en"), "de");
  EXPECT_EQ(catalog.Choose("fr", "de"), "de");
  EXPECT_EQ(catalog.Choose("", "en"), "en");
}

TEST_F(MailCatalogTest, AFolderReplacesWhatItHasAndAddsLanguages) {
  Write("en/signin.txt", "Subject: Hello\n\nUse it, {{email}}:\n\n[Go]\n\n{{code}}\n");
  Write("fr/signin.txt", "Subject: Bonjour\n\n{{site}}\n\n[Ouvrir]\n\n{{code}}\n");
  Write("fr/phrases.txt", "minutes = minutes\nopen_address = Ou ouvrez cette adresse :\n");
  const auto catalog = Load().value();
  EXPECT_THAT(catalog.languages(), ElementsAre("de", "en", "fr"));
  EXPECT_EQ(catalog.Text("en", "signin").subject, "Hello");
  EXPECT_EQ(catalog.Text("de", "signin").subject, "Anmelden bei {{site}}");
  EXPECT_EQ(catalog.Text("fr", "signin").subject, "Bonjour");
  EXPECT_EQ(catalog.Text("fr", "reset").subject, "Choose a new password") << "what is not translated is English";
  EXPECT_EQ(catalog.Phrase("fr", "open_address"), "Ou ouvrez cette adresse :");
  EXPECT_EQ(catalog.Phrase("fr", "hour"), "hour");
}

TEST_F(MailCatalogTest, AFolderThatIsNotOneOfTextsIsNotReadToItsEnd) {
  for (int i = 0; i < 1001; ++i) Write("en/." + std::to_string(i), "");
  EXPECT_THAT(Fault(), HasSubstr("too many files"));
}

TEST_F(MailCatalogTest, HiddenFilesAreNobodysMail) {
  Write(".git/config", "x");
  Write("en/.signin.txt.swp", "x");
  EXPECT_EQ(Fault(), "");
}

TEST_F(MailCatalogTest, MistakesAreNamedWithTheirFile) {
  const std::vector<std::array<std::string, 3>> mistakes = {
      {"en/signin.txt", "Subject: x\n\n[Go]\n", "en/signin.txt: needs a paragraph {{code}}"},
      {"en/signin.txt", "Subject: x\n\n{{code}}\n", "en/signin.txt: needs a paragraph [words]"},
      {"en/signin.txt", "Subject: x\n\n{{token}}\n\n[Go]\n\n{{code}}", "en/signin.txt: {{token}} has no value"},
      {"en/reset_unknown.txt", "Subject: x\n\n[Go]\n", "en/reset_unknown.txt: has a [button]"},
      {"en/reset_unknown.txt", "Subject: {{name}}\n\nx\n", "{{name}} has no value"},
      {"en/sign_in.txt", "Subject: x\n\nx\n", "there is no mail of this name"},
      {"en/signin.html", "x", "neither layout.html nor"},
      {"English/signin.txt", "x", "neither layout.html nor"},
      {"signin.txt", "x", "neither layout.html nor"},
      {"en/phrases.txt", "seconds = s\n", "a line is"},
      {"layout.html", "{{{subject}}}{{#paragraphs}}{{/paragraphs}}", "does not escape"},
      {"layout.html", "{{ & subject}}{{#paragraphs}}{{/paragraphs}}", "does not escape"},
      {"layout.html", "{{=<% %>=}}<%{subject}%>{{#paragraphs}}{{/paragraphs}}", "does not escape"},
      {"layout.html", std::string(kMaxMailText + 1, 'x'), "64 KiB"},
      {"layout.html", "{{subject}}", "{{#paragraphs}}"},
  };
  for (const auto& [name, text, fault] : mistakes) {
    std::filesystem::remove_all(dir_.File("en"));
    std::filesystem::remove_all(dir_.File("English"));
    std::filesystem::remove(dir_.File("signin.txt"));
    Write(name, text);
    EXPECT_THAT(Fault(), HasSubstr(fault));
  }
  EXPECT_THAT(MailCatalog::Load(dir_.File("nowhere")).error().detail, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace sallyport::signin
