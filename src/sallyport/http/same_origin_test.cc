// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/same_origin.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

const Origin kOrigin = *ParseOrigin("https://app.example.com");

std::string Path(std::string_view target) { return SameOriginPath(target, kOrigin).value_or("refused"); }
std::string Url(std::string_view target) { return SameOriginUrl(target, kOrigin).value_or("refused"); }

// The compiler cache makes __FILE__ relative to the build folder, which is some folder above the program.
std::filesystem::path TestData(const char* name) {
  const std::filesystem::path file = std::filesystem::path(__FILE__).parent_path() / "testdata" / name;
  std::filesystem::path base = std::filesystem::canonical("/proc/self/exe");
  while (!std::filesystem::exists(base / file) && base != base.root_path()) base = base.parent_path();
  return base / file;
}

std::string Unescape(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      out += line[i];
    } else if (line[++i] == 'x') {
      out += static_cast<char>(HexDigit(line[i + 1]) * 16 + HexDigit(line[i + 2]));
      i += 2;
    } else {
      out += line[i];
    }
  }
  return out;
}

TEST(SameOrigin, PathsAndOwnUrlsPass) {
  EXPECT_EQ(Path("/"), "/");
  EXPECT_EQ(Path("/dashboard?a=b&c=/d#e"), "/dashboard?a=b&c=/d#e");
  EXPECT_EQ(Path("https://app.example.com/a/../b"), "/b");
  EXPECT_EQ(Path("https://app.example.com"), "/");
  EXPECT_EQ(Path("https://app.example.com?x"), "/?x");
  EXPECT_EQ(Path("/caf\xc3\xa9 au lait?\xc3\xa9"), "/caf%C3%A9%20au%20lait?%C3%A9");
  EXPECT_EQ(Url("/a"), "https://app.example.com/a");
  EXPECT_EQ(Url("https://app.example.com"), "https://app.example.com");
  EXPECT_EQ(Url("https://app.example.com/"), "https://app.example.com/");
  EXPECT_EQ(Url("HTTPS://APP.example.com:443/x"), "https://app.example.com/x");
  EXPECT_EQ(SameOriginUrl("http://localhost:8080/x", *ParseOrigin("http://localhost:8080")), "http://localhost:8080/x");
  EXPECT_EQ(SameOriginUrl("http://localhost/x", *ParseOrigin("http://localhost:8080")), std::nullopt);
}

TEST(SameOrigin, S15_NoPayloadOfTheListLeavesTheOrigin) {
  std::ifstream file(TestData("open_redirects.txt"), std::ios::binary);
  ASSERT_TRUE(file);
  std::size_t refused = 0, harmless = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto space = line.find(' ');
    ASSERT_NE(space, std::string::npos) << line;
    const std::string verdict = line.substr(0, space), payload = Unescape(line.substr(space + 1));
    const auto url = SameOriginUrl(payload, kOrigin);
    const auto path = SameOriginPath(payload, kOrigin);
    EXPECT_EQ(url.has_value(), path.has_value()) << line;
    if (verdict == "refused") {
      ++refused;
      EXPECT_EQ(url.value_or("refused"), "refused") << line;
      continue;
    }
    ASSERT_EQ(verdict, "harmless") << line;
    ++harmless;
    ASSERT_TRUE(url) << line;
    const std::string base = "https://app.example.com";
    EXPECT_TRUE(url->starts_with(base) && (url->size() == base.size() || (*url)[base.size()] == '/')) << line << " -> " << *url;
    EXPECT_TRUE(path->starts_with('/') && !path->starts_with("//") && !path->starts_with("/\\")) << line << " -> " << *path;
    for (const char c : *url) EXPECT_TRUE(c > 0x20 && c < 0x7f) << line;
    EXPECT_EQ(SameOriginPath(*path, kOrigin), path) << line;
  }
  EXPECT_GT(refused, 500u);
  EXPECT_GT(harmless, 40u);
}

TEST(SameOrigin, S15_LongTargetsAreRefused) { EXPECT_EQ(Path("/" + std::string(9000, 'a')), "refused"); }

}  // namespace
}  // namespace sallyport::http
