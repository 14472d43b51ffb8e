// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/admin_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "sallyport/admin/admin_client.h"
#include "sallyport/admin/operations.h"
#include "sallyport/admin/unix_socket.h"
#include "sallyport/config/load.h"
#include "sallyport/gateway/app.h"

namespace sallyport::admin {
namespace {

class AdminSocketTest : public testing::Test {
 protected:
  AdminSocketTest() {
    std::string pattern = (std::filesystem::path(testing::TempDir()) / "admin_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const auto config = config::LoadText("public_url = \"http://localhost:8080\"\nsecret = \"0123456789abcdef0123456789abcdef\"\n"
                                         "[signin.password]\n[upstream.a]\nurl = \"http://127.0.0.1:1\"\n[[route]]\npath = \"/*\"\nupstream = \"a\"\n",
                                         folder_ + "/sallyport.toml", config::ProcessEnvironment());
    path_ = (*config)->gateway.admin.socket_path;
    auto offline = gateway::OfflineServices::Open(*config);
    EXPECT_TRUE(offline);
    offline_ = *std::move(offline);
    auto socket = AdminSocket::Listen(path_, {.services = [this] { return std::shared_ptr<gateway::Services>(std::shared_ptr<void>(), &offline_->services()); },
                                             .process_operations = {{"greet", [](const std::string& caller) { return Done({{"caller", caller}}); }}}});
    EXPECT_TRUE(socket);
    socket_ = *std::move(socket);
  }
  ~AdminSocketTest() override {
    socket_.reset();
    offline_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string CodeOf(const std::string& operation, const json::object& arguments) {
    const auto answer = CallServer(path_, operation, arguments);
    if (!answer) return answer.error().detail;
    return answer->at("ok").as_bool() ? "ok" : std::string(answer->at("error").at("code").as_string());
  }
  std::string Raw(std::string_view line) {
    const auto socket = ConnectUnix(path_);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    if (!socket || !WriteAll(socket->get(), line, deadline)) return "not sent";
    return ReadLine(socket->get(), 1 << 20, deadline).value_or("no answer");
  }

  std::string folder_, path_;
  std::unique_ptr<gateway::OfflineServices> offline_;
  std::unique_ptr<AdminSocket> socket_;
};

TEST_F(AdminSocketTest, OperationsOnTheProcessRunOnTheSocketsThread) {
  const auto answer = CallServer(path_, "greet", {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->at("result").at("caller").as_string(), "uid " + std::to_string(::geteuid()));
}

TEST_F(AdminSocketTest, RunsOperationsOfTheirOwner) {
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(CodeOf("user.add", {{"email", "ada@example.com"}, {"password", "correct horse battery staple"}}), "ok");
  EXPECT_EQ(CodeOf("user.add", {{"email", "ada@example.com"}, {"password", "correct horse battery staple"}}), "email_taken");
  const auto users = CallServer(path_, "user.list", {});
  ASSERT_TRUE(users);
  EXPECT_EQ(users->at("result").at("users").as_array().size(), 1u);
}

TEST_F(AdminSocketTest, EveryOperationAnswersNonsenseWithARefusalOrAResult) {
  const json::object nonsense{{"user", 7}, {"session", json::array{1}}, {"email", nullptr}, {"limit", "many"}, {"groups", 3}, {"password", {{"a", 1}}}};
  for (const auto name : Operations::Names()) {
    EXPECT_NE(CodeOf(std::string(name), {}), "") << name;
    EXPECT_NE(CodeOf(std::string(name), nonsense), "failed") << name;
  }
  EXPECT_EQ(CodeOf("user.destroy", {}), "unknown_operation");
  EXPECT_EQ(CodeOf("session.revoke", {}), "bad_arguments");
  EXPECT_EQ(CodeOf("user.disable", {{"user", ""}}), "user_not_found");
}

TEST_F(AdminSocketTest, S64_LinesThatAreNoRequestsAreRefused) {
  for (const std::string_view line : {"\n", "{}\n", "[]\n", "{\"operation\":1}\n", "{\"operation\":\"status\",\"arguments\":[]}\n", "nonsense\n"}) {
    EXPECT_NE(Raw(line).find("\"bad_request\""), std::string::npos) << line;
  }
}

TEST_F(AdminSocketTest, CallersDoNotMixTheirAnswers) {
  std::vector<std::thread> callers;
  std::atomic<int> fine = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([this, &fine] { fine += CodeOf("status", {}) == "ok"; });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(fine, 8);
}

TEST_F(AdminSocketTest, TheFileGoesWithTheServer) {
  socket_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_FALSE(CallServer(path_, "status", {}));
}

}  // namespace
}  // namespace sallyport::admin
