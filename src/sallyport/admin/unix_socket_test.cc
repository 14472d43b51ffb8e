// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/unix_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace sallyport::admin {
namespace {

using Clock = std::chrono::steady_clock;

class UnixSocket : public testing::Test {
 protected:
  ~UnixSocket() override { std::filesystem::remove(path_); }
  const std::string path_ = (std::filesystem::path(testing::TempDir()) / ("unix_socket_" + std::to_string(::getpid()))).string();
  const Clock::time_point soon_ = Clock::now() + std::chrono::seconds(20);
};

TEST_F(UnixSocket, IsForItsOwnerAlone) {
  const auto listener = ListenUnix(path_);
  ASSERT_TRUE(listener);
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(UnixSocket, KnowsThePeerAndCarriesLines) {
  const auto listener = ListenUnix(path_);
  ASSERT_TRUE(listener);
  const auto client = ConnectUnix(path_);
  ASSERT_TRUE(client);
  const Descriptor server(::accept(listener->get(), nullptr, nullptr));
  EXPECT_EQ(PeerUid(server.get()), ::getuid());
  ASSERT_TRUE(WriteAll(client->get(), "one line\n", soon_));
  EXPECT_EQ(ReadLine(server.get(), 100, soon_), "one line");
}

TEST_F(UnixSocket, LinesAreBounded) {
  const auto listener = ListenUnix(path_);
  const auto client = ConnectUnix(path_);
  ASSERT_TRUE(client);
  const Descriptor server(::accept(listener->get(), nullptr, nullptr));
  ASSERT_TRUE(WriteAll(client->get(), std::string(101, 'x') + "\n", soon_));
  EXPECT_EQ(ReadLine(server.get(), 100, soon_), std::nullopt);
}

TEST_F(UnixSocket, AnEndWithoutALineAndAPassedDeadlineAreNothing) {
  const auto listener = ListenUnix(path_);
  auto client = ConnectUnix(path_);
  ASSERT_TRUE(client);
  const Descriptor server(::accept(listener->get(), nullptr, nullptr));
  EXPECT_EQ(ReadLine(server.get(), 100, Clock::now()), std::nullopt);
  ASSERT_TRUE(WriteAll(client->get(), "half", soon_));
  { const Descriptor closed = std::move(*client); }
  EXPECT_EQ(ReadLine(server.get(), 100, soon_), std::nullopt);
}

TEST_F(UnixSocket, ADeadServersSocketIsReplacedButAFileIsNot) {
  { const auto first = ListenUnix(path_); ASSERT_TRUE(first); }
  EXPECT_TRUE(ListenUnix(path_));
  std::filesystem::remove(path_);
  std::ofstream(path_) << "data";
  EXPECT_FALSE(ListenUnix(path_));
  EXPECT_TRUE(std::filesystem::is_regular_file(path_));
}

TEST_F(UnixSocket, PathsThatDoNotFitAreRefused) {
  EXPECT_FALSE(ListenUnix("/tmp/" + std::string(120, 'x')));
  EXPECT_FALSE(ConnectUnix("/nonexistent/socket"));
}

}  // namespace
}  // namespace sallyport::admin
