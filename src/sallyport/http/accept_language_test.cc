// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/accept_language.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::http {
namespace {

const std::vector<std::string> kOurs = {"de", "en", "pt-br"};

TEST(AcceptLanguage, TheBestOfOurs) {
  EXPECT_EQ(PreferredLanguage("de", kOurs), "de");
  EXPECT_EQ(PreferredLanguage("de-AT,de;q=0.9,en;q=0.8", kOurs), "de");
  EXPECT_EQ(PreferredLanguage("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", kOurs), "en");
  EXPECT_EQ(PreferredLanguage("en;q=0.2,DE;q=0.7", kOurs), "de");
  EXPECT_EQ(PreferredLanguage("pt-BR", kOurs), "pt-br");
  EXPECT_EQ(PreferredLanguage("de-Latn-AT-1996", kOurs), "de");
}

TEST(AcceptLanguage, NoneOfOurs) {
  for (const char* header : {"", "fr", "*", "pt", "de;q=0", "d", "deutsch", ";;;", ",,,", "de;q=x", "-", "de;q=7"})
    EXPECT_EQ(PreferredLanguage(header, kOurs), "") << header;
}

TEST(AcceptLanguage, LooksAtABoundedNumberOfRanges) {
  std::string header;
  for (int i = 0; i < 5000; ++i) header += "fr,";
  EXPECT_EQ(PreferredLanguage(header + "de", kOurs), "");
}

}  // namespace
}  // namespace sallyport::http
