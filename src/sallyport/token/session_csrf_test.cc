// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/session_csrf.h"

#include <gtest/gtest.h>

namespace sallyport::token {
namespace {

SessionCsrf Csrf(std::initializer_list<char> letters) {
  std::vector<Secret> keys;
  for (const char letter : letters) keys.emplace_back(std::string(32, letter));
  return SessionCsrf(keys);
}

TEST(SessionCsrf, S10_TokenIsBoundToTheSession) {
  const SessionCsrf csrf = Csrf({'a'});
  const std::string token = csrf.TokenFor("session-1");
  EXPECT_EQ(token.size(), 43U);
  EXPECT_EQ(csrf.TokenFor("session-1"), token) << "deterministic";
  EXPECT_TRUE(csrf.Check("session-1", token));
  EXPECT_FALSE(csrf.Check("session-2", token)) << "planted from another session";
}

TEST(SessionCsrf, S10_OnlyTheWholeTokenCounts) {
  const SessionCsrf csrf = Csrf({'a'});
  const std::string token = csrf.TokenFor("s");
  for (const std::string& bad : {std::string(), token.substr(1), token.substr(0, 42), token + "A", token + "=", std::string(43, 'A')})
    EXPECT_FALSE(csrf.Check("s", bad)) << bad;
  EXPECT_FALSE(csrf.Check("", csrf.TokenFor(""))) << "no session, no token";
}

TEST(SessionCsrf, KeysRotateTheFirstMakesAllCheck) {
  EXPECT_TRUE(Csrf({'b', 'a'}).Check("s", Csrf({'a'}).TokenFor("s")));
  EXPECT_EQ(Csrf({'b', 'a'}).TokenFor("s"), Csrf({'b'}).TokenFor("s"));
  EXPECT_FALSE(Csrf({'b'}).Check("s", Csrf({'a'}).TokenFor("s")));
}

}  // namespace
}  // namespace sallyport::token
