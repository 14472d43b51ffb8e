// SPDX-License-Identifier: Apache-2.0
// What must hold when many threads do the same thing at the same moment.
#include <atomic>
#include <barrier>
#include <thread>

#include "store_contract.h"

namespace sallyport::store {
namespace {

constexpr int kThreads = 16;

class ConcurrencyContract : public StoreContract {
 protected:
  // Runs `work(i)` on kThreads threads at once; how many returned true.
  template <class F>
  static int CountWinners(F work) {
    std::barrier start(kThreads);
    std::atomic<int> winners = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        if (work(i)) ++winners;
      });
    }
    for (auto& thread : threads) thread.join();
    return winners;
  }
};
SALLYPORT_EVERY_BACKEND(ConcurrencyContract);

TEST_P(ConcurrencyContract, S54_OneOfManyConsumesTheToken) {
  Must(store_->verification_tokens().Create(TokenFor("reset", "h1", "a@example.com"), 1));
  EXPECT_EQ(CountWinners([&](int) {
              return Must(store_->verification_tokens().Consume("h1", "reset", At(1))).has_value();
            }),
            1);
}

TEST_P(ConcurrencyContract, S54_OneOfManySignsInByTheSameMail) {
  Must(store_->verification_tokens().Create(TokenFor("email_signin", "h1", "a@example.com"), 1));
  EXPECT_EQ(CountWinners([&](int i) {
              return Run(store_->verification_tokens().SignInByEmail("h1", UserNamed("u" + std::to_string(i)), At(1))).has_value();
            }),
            1);
  EXPECT_EQ(Must(store_->users().List({})).size(), 1u);
}

TEST_P(ConcurrencyContract, ManyMailsOfOneAddressMakeOneUser) {
  for (int i = 0; i < kThreads; ++i)
    Must(store_->verification_tokens().Create(TokenFor("email_signin", "h" + std::to_string(i), "a@example.com"), kThreads));
  std::atomic<int> made = 0;
  EXPECT_EQ(CountWinners([&](int i) {
              const auto hash = "h" + std::to_string(i);
              const auto done = Must(store_->verification_tokens().SignInByEmail(hash, UserNamed("u" + std::to_string(i)), At(1)));
              made += done.outcome == EmailSignInOutcome::kCreated ? 1 : 0;
              return done.user.has_value();
            }),
            kThreads);
  EXPECT_EQ(made, 1);
  EXPECT_EQ(Must(store_->users().List({})).size(), 1u);
}

TEST_P(ConcurrencyContract, S54_EachTryHasItsOwnNumber) {
  Must(store_->verification_tokens().Create(TokenFor("email_signin", "h1", "a@example.com"), 1));
  EXPECT_EQ(CountWinners([&](int) { return Must(store_->verification_tokens().CountAttempt("h1", 1000)) <= 5; }), 5);
}

TEST_P(ConcurrencyContract, S35_OneOfManySwapsTheTokens) {
  AddUser("u1");
  AddSession("u1", "s1");
  EXPECT_EQ(CountWinners([&](int i) {
              return Run(store_->sessions().UpdateTokens("s1", 1, "from " + std::to_string(i))).has_value();
            }),
            1);
  EXPECT_EQ(Must(store_->sessions().FindById("s1"))->session.version, 2);
}

TEST_P(ConcurrencyContract, OneOfManyGetsTheAddress) {
  EXPECT_EQ(CountWinners([&](int i) {
              model::User user = UserNamed("u" + std::to_string(i));
              user.email = "same@example.com";
              return Run(store_->users().Create(user, "")).has_value();
            }),
            1);
  EXPECT_EQ(Must(store_->users().List({})).size(), 1u);
}

TEST_P(ConcurrencyContract, S5_OneOfManyEndsTheSession) {
  AddUser("u1");
  AddSession("u1", "s1");
  EXPECT_EQ(CountWinners([&](int) {
              return Must(store_->sessions().Revoke("s1", std::nullopt, model::EndReason::kSignedOut)).has_value();
            }),
            1);
  EXPECT_EQ(Must(store_->sessions().RevocationsSince(0, At(0))).size(), 1u);
}

TEST_P(ConcurrencyContract, ReadersAndWritersDoNotDisturbEachOther) {
  AddUser("u1");
  EXPECT_EQ(CountWinners([&](int i) {
              bool good = true;
              for (int n = 0; n < 10; ++n) {
                const std::string id = "s" + std::to_string(i) + "-" + std::to_string(n);
                AddSession("u1", id);
                good = good && Must(store_->sessions().FindById(id)).has_value();
                Must(store_->sessions().Touch({{id, At(5), At(700)}}));
                good = good && Must(store_->sessions().FindByTokenHash(HashFor(id)))->session.last_seen == At(5);
              }
              return good;
            }),
            kThreads);
  EXPECT_EQ(Must(store_->sessions().ListForUser("u1", At(1))).size(), std::size_t{kThreads * 10});
}

}  // namespace
}  // namespace sallyport::store
