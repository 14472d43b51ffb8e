// SPDX-License-Identifier: Apache-2.0
// Commands that change state, on the store itself (no server runs).
#include <gmock/gmock.h>

#include "sallyport/cli/cli_fixture.h"
#include "sallyport/store/store.h"

namespace sallyport::cli {
namespace {

using testing::HasSubstr;

class StoreCommands : public test::CliTest {
 protected:
  test::Ran AddAda() { return RunHere({"user", "add", "--email", "Ada@Example.com", "--name", "Ada", "--group", "staff", "--password-stdin"}, "correct horse battery staple\n"); }
};

TEST_F(StoreCommands, APersonIsAddedListedDisabledAndEnabled) {
  const auto added = AddAda();
  EXPECT_EQ(added.code, kFine) << added.err;
  EXPECT_THAT(added.out, testing::StartsWith("Added ada@example.com as "));
  const auto users = RunHere({"user", "list", "--json"}).json();
  ASSERT_EQ(users.at("users").as_array().size(), 1u);
  EXPECT_EQ(users.at("users").at(0).at("groups").at(0), "staff");
  EXPECT_THAT(RunHere({"user", "list"}).out, HasSubstr("ada@example.com"));
  EXPECT_EQ(RunHere({"user", "disable", "ada@example.com"}).out, "Disabled ada@example.com; 0 sessions ended.\n");
  EXPECT_EQ(RunHere({"user", "list", "--json"}).json().at("users").at(0).at("disabled"), true);
  EXPECT_EQ(RunHere({"user", "enable", std::string(users.at("users").at(0).at("id").as_string())}).code, kFine);
  EXPECT_EQ(RunHere({"user", "password", "ada@example.com", "--password-stdin"}, "another passphrase entirely\n").code, kFine);
}

TEST_F(StoreCommands, RefusalsHaveStableCodes) {
  ASSERT_EQ(AddAda().code, kFine);
  const auto code = [&](std::vector<std::string> arguments, const std::string& input = "") {
    arguments.emplace_back("--json");
    const auto ran = RunHere(std::move(arguments), input);
    EXPECT_EQ(ran.code, kFailed);
    EXPECT_EQ(ran.out, "");
    return ran.error_code();
  };
  EXPECT_EQ(code({"user", "add", "--email", "ADA@example.com", "--password-stdin"}, "correct horse battery staple\n"), "email_taken");
  EXPECT_EQ(code({"user", "add", "--email", "nonsense", "--password-stdin"}, "correct horse battery staple\n"), "invalid_email");
  EXPECT_EQ(code({"user", "add", "--email", "b@example.com", "--password-stdin"}, "short\n"), "password_too_short");
  EXPECT_EQ(code({"user", "disable", "nobody@example.com"}), "user_not_found");
  EXPECT_EQ(code({"session", "revoke", "AAAAAAAAAAAAAAAAAAAAAA"}), "session_not_found");
}

TEST_F(StoreCommands, APasswordNeedsATerminalOrStandardInput) {
  const auto ran = RunHere({"user", "add", "--email", "b@example.com"});
  EXPECT_EQ(ran.code, kUsage);
  EXPECT_THAT(ran.err, HasSubstr("--password-stdin"));
}

TEST_F(StoreCommands, KeysAreListedAndRotated) {
  const auto before = RunHere({"key", "list", "--json"}).json();
  ASSERT_EQ(before.at("keys").as_array().size(), 1u);
  EXPECT_EQ(before.at("keys").at(0).at("state"), "signing");
  EXPECT_FALSE(before.at("keys").at(0).at("jwk").as_object().contains("d"));
  const auto rotated = RunHere({"key", "rotate", "--json"}).json();
  const auto after = RunHere({"key", "list", "--json"}).json();
  ASSERT_EQ(after.at("keys").as_array().size(), 2u);
  EXPECT_EQ(after.at("keys").at(1).at("kid"), rotated.at("kid"));
  EXPECT_EQ(after.at("keys").at(1).at("state"), "published");
}

TEST_F(StoreCommands, S63_ChangesAndRefusalsAreInTheAuditLog) {
  ASSERT_EQ(AddAda().code, kFine);
  RunHere({"user", "disable", "nobody@example.com"});
  RunHere({"session", "revoke", "--user", "ada@example.com"});
  const auto ran = RunHere({"audit", "list", "--json"});
  const auto events = ran.json();
  ASSERT_EQ(events.at("events").as_array().size(), 3u) << ran.out;
  EXPECT_EQ(events.at("events").at(0).at("event"), "session.revoke");
  EXPECT_EQ(events.at("events").at(1).at("reason"), "user_not_found");
  EXPECT_EQ(events.at("events").at(2).at("event"), "user.create");
  EXPECT_EQ(events.at("events").at(2).at("actor"), "admin");
  EXPECT_EQ(ran.out.find("horse"), std::string::npos);
}

TEST_F(StoreCommands, AServerThatHoldsTheStoreIsNotWorkedAround) {
  const auto lock = store::TryLockSqliteStore(Path("sallyport.db"));
  ASSERT_TRUE(lock && *lock);
  const auto ran = RunHere({"user", "list", "--json"});
  EXPECT_EQ(ran.code, kFailed);
  EXPECT_THAT(ran.err, HasSubstr("sallyport.db.sock"));
  const auto serve = RunHere({"serve"});
  EXPECT_EQ(serve.code, kFailed);
  EXPECT_THAT(serve.err, HasSubstr("another sallyport is running"));
}

TEST_F(StoreCommands, StatusSaysThatNoServerRuns) { EXPECT_THAT(RunHere({"status"}).out, HasSubstr("No server is running")); }

}  // namespace
}  // namespace sallyport::cli
