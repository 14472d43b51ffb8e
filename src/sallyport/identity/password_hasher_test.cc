// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/password_hasher.h"

#include <gtest/gtest.h>


#include "support/fake_random.h"
#include "support/run_task.h"

namespace sallyport::identity {
namespace {

class PasswordHasherTest : public testing::Test {
 protected:
  std::string HashOf(PasswordHasher& hasher, const char* password) {
    auto hash = test::RunTask(hasher.Hash(Secret(password)));
    return hash ? *hash : hash.error().ToLogString();
  }
  PasswordCheck Check(PasswordHasher& hasher, const char* password, std::optional<std::string> encoded) {
    return test::RunTask(hasher.Verify(Secret(password), std::move(encoded))).value();
  }

  test::FakeRandom random_;
};

TEST_F(PasswordHasherTest, S51_HashesAreArgon2idAndVerify) {
  PasswordHasher hasher({.threads = 1, .max_wait = std::chrono::minutes(5), .low_priority = false}, random_);
  const std::string hash = HashOf(hasher, "gravelotter");
  EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
  EXPECT_TRUE(Check(hasher, "gravelotter", hash).matches);
  EXPECT_FALSE(Check(hasher, "gravelotter", hash).needs_rehash);
  EXPECT_FALSE(Check(hasher, "Gravelotter", hash).matches);
  EXPECT_EQ(hasher.pending(), 0u);
}

TEST_F(PasswordHasherTest, S51_OldParametersAskForARehash) {
  PasswordHasher old_hasher({.threads = 1, .max_wait = std::chrono::minutes(5), .low_priority = false}, random_);
  PasswordHasher hasher({.threads = 1,
                         .max_wait = std::chrono::minutes(5),
                         .parameters = {.memory_kib = 20 * 1024},
                         .low_priority = false},
                        random_);
  const std::string hash = HashOf(old_hasher, "gravelotter");
  EXPECT_TRUE(Check(hasher, "gravelotter", hash).needs_rehash);
  EXPECT_FALSE(Check(hasher, "wrong", hash).needs_rehash);
}

TEST_F(PasswordHasherTest, S44_NothingMatchesWhenThereIsNothing) {
  PasswordHasher hasher({.threads = 1, .max_wait = std::chrono::minutes(5), .low_priority = false}, random_);
  EXPECT_FALSE(Check(hasher, "gravelotter", std::nullopt).matches);
  EXPECT_FALSE(Check(hasher, "", "").matches);
  EXPECT_FALSE(Check(hasher, "gravelotter", "gravelotter").matches);
  EXPECT_FALSE(Check(hasher, "gravelotter", "$argon2id$broken").matches);
}

TEST_F(PasswordHasherTest, S51_OverlongPasswordIsRefused) {
  PasswordHasher hasher({.threads = 1, .max_wait = std::chrono::minutes(5), .low_priority = false}, random_);
  const auto refused = test::RunTask(hasher.Hash(Secret(std::string(1025, 'x'))));
  EXPECT_TRUE(refused.error().Is(Errc::kPasswordTooLong));
  const std::string hash = HashOf(hasher, "gravelotter");
  EXPECT_FALSE(test::RunTask(hasher.Verify(Secret(std::string(5000, 'x')), hash))->matches);
}

Coroutine<void> VerifyNobody(PasswordHasher& hasher, int& done, int& refused) {
  const auto check = co_await hasher.Verify(Secret("x"), std::nullopt);
  if (check) {
    ++done;
  } else if (check.error().Is(Errc::kOverloaded)) {
    ++refused;
  }
}

TEST_F(PasswordHasherTest, S56_QueueIsBoundedByTime) {
  async::Loop loop;
  // A wait shorter than any hash leaves room for one a thread.
  PasswordHasher hasher({.threads = 1, .max_wait = Duration(1)}, random_);
  int done = 0, refused = 0;
  for (int i = 0; i < 20; ++i)
    async::Spawn(loop.executor(), VerifyNobody(hasher, done, refused), "test");
  loop.RunToEnd();
  EXPECT_GE(done, 1);
  EXPECT_EQ(done + refused, 20);
  EXPECT_GE(refused, 1) << "the loop asks faster than one thread hashes";
  EXPECT_GE(hasher.retry_after(), std::chrono::seconds(1));
  EXPECT_EQ(hasher.pending(), 0u);
}

}  // namespace
}  // namespace sallyport::identity
