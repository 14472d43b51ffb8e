// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/base64url.h"

#include <gtest/gtest.h>

#include "sallyport/jose/base64.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

TEST(Base64Url, AnswersAreThoseOfRfc4648) {
  const std::pair<const char*, const char*> rows[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : rows) {
    EXPECT_EQ(EncodeBase64Url(bytes), text);
    EXPECT_EQ(DecodeBase64Url(text), bytes);
    EXPECT_EQ(Base64UrlLength(std::string_view(bytes).size()), std::string_view(text).size());
  }
  EXPECT_EQ(EncodeBase64Url("\xfb\xff"), "-_8");
}

TEST(Base64Url, EveryByteRoundTrips) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (std::size_t cut = 0; cut < 4; ++cut) {
    EXPECT_EQ(DecodeBase64Url(EncodeBase64Url(all.substr(cut))), all.substr(cut));
    EXPECT_EQ(DecodeBase64(EncodeBase64(all.substr(cut))), all.substr(cut));
  }
}

TEST(Base64Url, EveryValueHasOneSpelling) {
  for (const char* bad : {"Zg==", "Zg=", "Zh", "Zm9", "Z", "Zm9vY", "Zm 9v", "Zm9v\n", " Zm9v", "Zm+v", "Zm/v", "Zm9v.", "Zm\xc3\xa9", "===="})
    EXPECT_TRUE(DecodeBase64Url(bad).error().Is(Errc::kMalformed)) << bad;
  EXPECT_FALSE(DecodeBase64Url(std::string_view("Zm9\0", 4)));
}

TEST(Base64, PaddingIsRequiredAndExact) {
  EXPECT_EQ(EncodeBase64("f"), "Zg==");
  EXPECT_EQ(EncodeBase64("fo"), "Zm8=");
  EXPECT_EQ(EncodeBase64("\xfb\xff"), "+/8=");
  EXPECT_EQ(DecodeBase64("Zm8="), "fo");
  EXPECT_EQ(DecodeBase64(""), "");
  for (const char* bad : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "====", "Zm9v=", "Z===", "Zg==Zg==", "-_8=", "Zm9v\n"})
    EXPECT_FALSE(DecodeBase64(bad)) << bad;
}

}  // namespace
}  // namespace sallyport::jose
