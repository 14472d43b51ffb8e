// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/reference.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "sallyport/config/settings.h"
#include "sallyport/config/test_loading.h"

namespace sallyport::config {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path);
  return (std::ostringstream() << file.rdbuf()).str();
}

TEST(Reference, TheDocumentIsTheTable) {
  const auto document = std::filesystem::path(SALLYPORT_SOURCE_DIR) / "docs/configuration.md";
  EXPECT_EQ(ReadAll(document), ReferenceMarkdown()) << "write it anew: sallyport init --reference > docs/configuration.md";
}

TEST(Reference, EverySettingIsInASectionAndThereOnce) {
  std::set<std::string> sections, keys;
  for (const auto& section : AllSections()) sections.emplace(section.name);
  for (const auto& setting : AllSettings()) {
    EXPECT_TRUE(sections.contains(std::string(setting.section))) << setting.section;
    EXPECT_TRUE(keys.insert(std::string(setting.section) + "|" + std::string(setting.key)).second) << setting.key;
    EXPECT_TRUE(setting.sentence.ends_with('.') || setting.sentence.ends_with('}')) << setting.sentence;
  }
}

// Every default of the table, spelled out, is the default of the code: a file with them all differs in nothing.
TEST(Reference, DefaultsOfTheTableAreThoseOfTheCode) {
  std::string toml;
  const auto add = [&](std::string_view section) {
    for (const auto& setting : AllSettings()) {
      if (setting.section == section && !setting.default_value.empty()) {
        toml += std::string(setting.key) + " = " + std::string(setting.default_value) + "\n";
      }
    }
  };
  add("");
  toml += "public_url = \"http://localhost:8080\"\nsecret = \"0123456789abcdef0123456789abcdef\"\n";
  for (const std::string_view section : {"session", "compat", "signin.throttle", "pages", "limits", "log"}) {
    toml += "[" + std::string(section) + "]\n";
    add(section);
  }
  toml += "[signin.password]\n";
  add("signin.password");
  toml += "[signin.backend]\nurl = \"http://h/l\"\nid = \"backend\"\n";
  for (const auto& setting : AllSettings()) {
    if (setting.section == "signin.backend" && !setting.default_value.empty()) toml += std::string(setting.key) + " = " + std::string(setting.default_value) + "\n";
  }
  toml += "[upstream.api]\nurl = \"http://127.0.0.1:4000\"\n";
  add("upstream.NAME");
  toml += "[[route]]\npath = \"/*\"\nupstream = \"api\"\n";
  add("route");

  const auto spelled = test::Load(toml);
  const auto plain = test::Load(std::string(test::kMinimal) + "[signin.password]\n[signin.backend]\nurl = \"http://h/l\"\n");
  ASSERT_TRUE(spelled) << spelled.error().front().ToString();
  ASSERT_TRUE(plain);
  const auto &a = **spelled, &b = **plain;
  EXPECT_EQ(a.workers, b.workers);
  EXPECT_EQ(a.drain_limit, b.drain_limit);
  EXPECT_EQ(a.sqlite_path, b.sqlite_path);
  EXPECT_EQ(a.server.listen.at(0).port, b.server.listen.at(0).port);
  EXPECT_EQ(a.server.head.max_head_bytes, b.server.head.max_head_bytes);
  EXPECT_EQ(a.server.head.max_target_bytes, b.server.head.max_target_bytes);
  EXPECT_EQ(a.server.head.max_fields, b.server.head.max_fields);
  EXPECT_EQ(a.server.max_connections, b.server.max_connections);
  EXPECT_EQ(a.server.header_timeout, b.server.header_timeout);
  EXPECT_EQ(a.server.idle_timeout, b.server.idle_timeout);
  EXPECT_EQ(a.server.body_timeout, b.server.body_timeout);
  EXPECT_EQ(a.server.write_timeout, b.server.write_timeout);
  EXPECT_EQ(a.server.max_connections_per_address, b.server.max_connections_per_address);
  EXPECT_EQ(a.server.min_body_rate, b.server.min_body_rate);
  EXPECT_EQ(a.server.uncounted, b.server.uncounted);
  const auto &al = a.gateway.limits, &bl = b.gateway.limits;
  EXPECT_EQ(al.worker_wait, bl.worker_wait);
  EXPECT_EQ(al.requests_in_flight, bl.requests_in_flight);
  EXPECT_EQ(al.requests_per_address_per_second, bl.requests_per_address_per_second);
  EXPECT_EQ(al.uncounted, bl.uncounted);
  EXPECT_EQ(a.session.strategy, b.session.strategy);
  EXPECT_EQ(a.session.idle_timeout, b.session.idle_timeout);
  EXPECT_EQ(a.session.max_lifetime, b.session.max_lifetime);
  EXPECT_EQ(a.session.update_age, b.session.update_age);
  EXPECT_EQ(a.session.cache_entries, b.session.cache_entries);
  EXPECT_EQ(a.session.compat, b.session.compat);
  const auto &ap = a.signin.password, &bp = b.signin.password;
  EXPECT_EQ(ap.min_length, bp.min_length);
  EXPECT_EQ(ap.reset_lifetime, bp.reset_lifetime);
  EXPECT_EQ(ap.verify_lifetime, bp.verify_lifetime);
  EXPECT_EQ(a.signin.password_id, b.signin.password_id);
  const auto &ab = a.signin.backend, &bb = b.signin.backend;
  EXPECT_EQ(ab.user_path, bb.user_path);
  EXPECT_EQ(ab.id_path, bb.id_path);
  EXPECT_EQ(ab.name_path, bb.name_path);
  EXPECT_EQ(ab.email_path, bb.email_path);
  EXPECT_EQ(ab.image_path, bb.image_path);
  EXPECT_EQ(ab.access_token_path, bb.access_token_path);
  EXPECT_EQ(ab.refresh_token_path, bb.refresh_token_path);
  EXPECT_EQ(ab.expires_in_path, bb.expires_in_path);
  EXPECT_EQ(ab.refresh_field, bb.refresh_field);
  EXPECT_EQ(ab.timeout, bb.timeout);
  const auto &at = a.signin.throttle, &bt = b.signin.throttle;
  EXPECT_EQ(at.failures_before_delay, bt.failures_before_delay);
  EXPECT_EQ(at.lockout, bt.lockout);
  EXPECT_EQ(at.max_lockout, bt.max_lockout);
  EXPECT_EQ(at.attempts_per_address_per_minute, bt.attempts_per_address_per_minute);
  EXPECT_EQ(at.attempts_per_account_per_hour, bt.attempts_per_account_per_hour);
  EXPECT_EQ(at.mails_per_address_per_hour, bt.mails_per_address_per_hour);
  EXPECT_EQ(at.mails_per_account_per_hour, bt.mails_per_account_per_hour);
  const auto &au = a.gateway.upstreams.at(0), &bu = b.gateway.upstreams.at(0);
  EXPECT_EQ(au.kind, bu.kind);
  EXPECT_EQ(au.public_host, bu.public_host);
  EXPECT_EQ(au.net.connect_timeout, bu.net.connect_timeout);
  EXPECT_EQ(au.net.head_timeout, bu.net.head_timeout);
  EXPECT_EQ(au.net.idle_timeout, bu.net.idle_timeout);
  EXPECT_EQ(au.net.pooled_idle_timeout, bu.net.pooled_idle_timeout);
  EXPECT_EQ(au.net.max_connections, bu.net.max_connections);
  EXPECT_EQ(au.net.max_pooled, bu.net.max_pooled);
  EXPECT_EQ(au.net.failures_until_out, bu.net.failures_until_out);
  EXPECT_EQ(au.net.out_for, bu.net.out_for);
  EXPECT_EQ(au.max_in_flight, bu.max_in_flight);
  const auto &ar = a.gateway.routes.at(0), &br = b.gateway.routes.at(0);
  EXPECT_EQ(ar.access, br.access);
  EXPECT_EQ(ar.identity, br.identity);
  EXPECT_EQ(ar.strip_prefix, br.strip_prefix);
  EXPECT_EQ(ar.max_in_flight, br.max_in_flight);
  EXPECT_EQ(ar.requests_per_address_per_minute, br.requests_per_address_per_minute);
  EXPECT_EQ(ar.pass_authorization, br.pass_authorization);
  EXPECT_EQ(a.gateway.pages.name, b.gateway.pages.name);
  EXPECT_EQ(a.gateway.pages.color, b.gateway.pages.color);
  EXPECT_EQ(a.gateway.logs.diagnostic.level, b.gateway.logs.diagnostic.level);
  EXPECT_EQ(a.gateway.logs.diagnostic.format, b.gateway.logs.diagnostic.format);
  EXPECT_EQ(a.gateway.logs.access, b.gateway.logs.access);
}

TEST(Reference, TheStarterPassesTheChecks) {
  const auto secret = std::filesystem::path(testing::TempDir()) / ("starter_secret_" + std::to_string(::getpid()));
  std::ofstream(secret) << std::string(64, 'x') << "\n";
  const auto config = test::Load(StarterConfiguration(secret.string()));
  std::filesystem::remove(secret);
  ASSERT_TRUE(config) << config.error().front().ToString();
  EXPECT_EQ((*config)->gateway.routes.size(), 2u);
  EXPECT_EQ((*config)->gateway.upstreams.at(0).bearer_for, "api");
  EXPECT_TRUE((*config)->signin.password.enabled);
  EXPECT_EQ((*config)->signin.password.registration, signin::Registration::kClosed);
}

}  // namespace
}  // namespace sallyport::config
