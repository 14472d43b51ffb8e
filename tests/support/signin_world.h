// SPDX-License-Identifier: Apache-2.0
// What the sign-in methods need around them, all fake or in memory; one loop, run by the test.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/identity/password_hasher.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/store/store.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/fake_peer.h"
#include "support/fake_random.h"

namespace sallyport::test {

class SigninWorld : public ::testing::Test {
 protected:
  template <class T>
  T Run(Coroutine<T> task) {
    return RunTask(loop_, std::move(task));
  }
  std::vector<model::AuditEvent> Audit() { return Run(store_->audit().List({})).value(); }
  // Newest first: "signin failure bad_password".
  std::vector<std::string> AuditLines() {
    std::vector<std::string> lines;
    for (const auto& e : Audit()) lines.push_back(e.event + " " + e.outcome + (e.reason.empty() ? "" : " " + e.reason));
    return lines;
  }
  model::User AddUser(std::string id, std::string email, std::string password_hash) {
    model::User user;
    user.id = std::move(id);
    user.email = std::move(email);
    user.created_at = clock_.Now();
    EXPECT_TRUE(Run(store_->users().Create(user, std::move(password_hash))));
    return user;
  }
  std::string Hash(std::string password) { return Run(hasher_.Hash(Secret(std::move(password)))).value(); }

  async::Loop loop_;
  FakeClock clock_;
  FakeRandom random_;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  identity::PasswordHasher hasher_{{.threads = 1, .max_wait = std::chrono::minutes(1)}, random_};
  identity::ThrottleLimits limits_;
  std::optional<identity::Throttle> throttle_{std::in_place, limits_, clock_, random_};
  FakeHttpClient http_;
};

}  // namespace sallyport::test
