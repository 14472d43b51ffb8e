// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/needs_restart.h"

#include <gmock/gmock.h>

#include "sallyport/config/test_loading.h"

namespace sallyport::gateway {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<config::Config> Loaded(std::string_view top = {}, std::string_view end = {}) {
  auto loaded = config::test::Load(std::string(top) + "\n" + std::string(config::test::kMinimal) + std::string(end));
  if (!loaded) throw std::runtime_error(loaded.error().front().ToString());
  return *std::move(loaded);
}

TEST(NeedsRestart, WhatMayChangeIsLeftAsItIsWanted) {
  const auto running = Loaded();
  const auto wanted = Loaded("drain_limit = \"7s\"\ntrusted_proxies = \"10.0.0.0/8\"",
                             "[session]\nidle_timeout = \"1h\"\n[limits]\nconnections = 7\n[signin.password]\n[upstream.other]\nurl = \"http://127.0.0.1:5\"");
  EXPECT_THAT(KeepWhatNeedsRestart(*running, *wanted), IsEmpty());
  EXPECT_EQ(wanted->server.max_connections, 7u);
  EXPECT_EQ(wanted->session.idle_timeout, std::chrono::hours(1));
  EXPECT_TRUE(wanted->signin.password.enabled);
  EXPECT_EQ(wanted->gateway.upstreams.size(), 2u);
}

TEST(NeedsRestart, WhatMayNotChangeIsNamedOnceAndSetBack) {
  const auto running = Loaded();
  const auto wanted = Loaded("listen = \"127.0.0.1:1\"\nstore = \"sqlite:other.db\"\nworkers = 64\nadmin = \"127.0.0.1:2\"",
                             "[session]\nstrategy = \"jwt\"\n[log]\naccess = false");
  // The control socket's default follows the store.
  EXPECT_THAT(KeepWhatNeedsRestart(*running, *wanted),
              ElementsAre("listen", "store", "workers", "admin", "admin_socket", "session.strategy", "log.access"));
  EXPECT_EQ(wanted->server.listen, running->server.listen);
  EXPECT_EQ(wanted->sqlite_path, running->sqlite_path);
  EXPECT_EQ(wanted->session.strategy, running->session.strategy);
  EXPECT_THAT(KeepWhatNeedsRestart(*running, *wanted), IsEmpty());
}

TEST(NeedsRestart, AnotherSecretIsNotTakenUp) {
  const auto running = Loaded();
  const auto wanted = Loaded();
  wanted->secrets.front() = Secret("another secret, long enough to be one");
  EXPECT_THAT(KeepWhatNeedsRestart(*running, *wanted), ElementsAre("secret"));
  EXPECT_EQ(wanted->secrets.front().Reveal(), running->secrets.front().Reveal());
}

TEST(NeedsRestart, WhatNeedsMailWaitsForItToo) {
  const auto running = Loaded("", "[signin.password]\nregistration = \"open\"");
  const auto wanted = Loaded("", "[signin.password]\nregistration = \"verified\"\n[signin.email]\nsmtp = \"smtp://127.0.0.1:1\"\nfrom = \"a@example.com\"");
  EXPECT_THAT(KeepWhatNeedsRestart(*running, *wanted), ElementsAre("signin.password.registration", "signin.email"));
  EXPECT_EQ(wanted->signin.password.registration, signin::Registration::kOpen);
  EXPECT_FALSE(wanted->signin.email.enabled);
}

}  // namespace
}  // namespace sallyport::gateway
