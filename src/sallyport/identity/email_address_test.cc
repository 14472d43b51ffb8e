// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/email_address.h"

#include <gtest/gtest.h>

#include "sallyport/identity/utf8.h"

namespace sallyport::identity {
namespace {

TEST(EmailAddress, S52_OneCanonicalForm) {
  const std::pair<const char*, const char*> kCases[] = {
      {"ada@example.com", "ada@example.com"},
      {"  Ada.Lovelace@EXAMPLE.Com\t", "ada.lovelace@example.com"},
      {"ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ada@example.com"},
      {"ada@example。com", "ada@example.com"},
      {"ada@example｡com", "ada@example.com"},
      {"ＡＤＡ@example.com", "ada@example.com"},
      {"o'brien+tag@sub.example.co.uk", "o'brien+tag@sub.example.co.uk"},
      {"jürgen@straße.de", "jürgen@straße.de"},
      {"用户@例子.中国", "用户@例子.中国"},
      {"a@localhost", "a@localhost"},
  };
  for (const auto& [typed, canonical] : kCases) EXPECT_EQ(CanonicalEmail(typed), canonical) << typed;
}

TEST(EmailAddress, S52_CanonicalFormIsItsOwn) {
  for (const char* typed : {" Ada@Example.com", "ｘ@ｙ.ｚｚ", "jürgen@straße.de"}) {
    const auto once = CanonicalEmail(typed);
    ASSERT_TRUE(once);
    EXPECT_EQ(CanonicalEmail(*once), once);
  }
}

TEST(EmailAddress, S52_RefusesWhatIsNoAddress) {
  for (const char* typed :
       {"", " ", "@", "a@", "@example.com", "ada", "a@b@example.com", "a＠b@example.com", "\"a\"@example.com", "a,b@example.com",
        "a;b@example.com", "a@example.com,b@example.com", "a b@example.com", "a@exam ple.com", "<a@example.com>", "a\\@example.com",
        ".a@example.com", "a.@example.com", "a..b@example.com", "a@.example.com", "a@example.com.", "a@example..com",
        "a@-example.com", "a@example-.com", "a@exam_ple.com", "a@example", "a@[127.0.0.1]", "a@127.0.0.1", "a(comment)@example.com",
        "a:b@example.com"}) {
    EXPECT_EQ(CanonicalEmail(typed), std::nullopt) << typed;
  }
}

TEST(EmailAddress, S52_RefusesControlsAndHeaderInjection) {
  for (const std::string& typed : {std::string("a@example.com\r\nBcc: b@example.com"), std::string("a@example.com\n"),
                                  std::string("a\0@example.com", 14), std::string("a@example.com\x7f"), std::string("\ta\tb@example.com"),
                                  std::string("a\xc2\x85@example.com"), std::string("a@exa\xe2\x80\xa8mple.com")}) {
    EXPECT_EQ(CanonicalEmail(typed), std::nullopt);
  }
}

TEST(EmailAddress, S52_RefusesInvalidUtf8) {
  for (const char* typed : {"\xff@example.com", "a\xc0\xafz@example.com", "a\xed\xa0\x80@example.com", "a@\xe2\x82.com",
                            "a\xf5\x80\x80\x80@example.com"}) {
    EXPECT_EQ(CanonicalEmail(typed), std::nullopt);
  }
}

TEST(EmailAddress, S52_RefusesCharactersWithAnotherSpelling) {
  for (const char* typed :
       {"ﬁ@example.com" /* ligature */, "①@example.com", "ª@example.com", "Kelvin\u212A@example.com", "u\u0308@example.com",
        "ÄRGER@example.com", "Ωmega@example.com", "Жук@example.com", "a\u200bb@example.com", "a\u202eb@example.com",
        "\U0001D41A@example.com", "a@example\uFE52com", "a\u00ad@example.com", "a\ufeff@example.com", "ſ@example.com"}) {
    EXPECT_EQ(CanonicalEmail(typed), std::nullopt) << typed;
  }
}

TEST(EmailAddress, S52_Bounds) {
  const std::string local64(64, 'a');
  const std::string label63(63, 'b');
  EXPECT_TRUE(CanonicalEmail(local64 + "@" + label63 + ".com"));
  EXPECT_FALSE(CanonicalEmail(local64 + "a@example.com"));
  EXPECT_FALSE(CanonicalEmail("a@" + label63 + "b.com"));
  std::string domain = label63 + "." + label63 + "." + label63 + ".com";
  EXPECT_EQ(CanonicalEmail(std::string(kMaxEmailBytes - 1 - domain.size(), 'a') + "@" + domain)->size(), kMaxEmailBytes);
  EXPECT_FALSE(CanonicalEmail(std::string(kMaxEmailBytes - domain.size(), 'a') + "@" + domain));
}

TEST(EmailAddress, LocalPartIsBeforeTheSign) { EXPECT_EQ(LocalPartOf("ada@example.com"), "ada"); }

TEST(Utf8, CountsCodePointsAndStrayBytes) {
  EXPECT_EQ(CountCodePoints("aé漢😀"), 4u);
  EXPECT_EQ(CountCodePoints("\xff\xfe"), 2u);
  std::string out;
  for (const char32_t c : {U'a', U'é', U'漢', U'😀'}) AppendUtf8(out, c);
  EXPECT_EQ(out, "aé漢😀");
}

}  // namespace
}  // namespace sallyport::identity
