// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/config/test_loading.h"

namespace sallyport::config {
namespace {

using test::Load;
using test::kMinimal;
using test::Problems;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Load, TheSmallestFileHasSafeDefaults) {
  const auto config = Load(kMinimal);
  ASSERT_TRUE(config);
  EXPECT_EQ((*config)->gateway.public_url.ToString(), "http://localhost:8080");
  EXPECT_EQ((*config)->server.listen.at(0).host, "127.0.0.1");
  EXPECT_EQ((*config)->session.strategy, session::Strategy::kDatabase);
  EXPECT_EQ((*config)->gateway.routes.at(0).access, gateway::Access::kSession);
  EXPECT_EQ((*config)->gateway.upstreams.at(0).csrf, gateway::Csrf::kToken);
  EXPECT_EQ((*config)->signin.password.registration, signin::Registration::kClosed);
  EXPECT_FALSE((*config)->signin.password.enabled);
  EXPECT_FALSE((*config)->gateway.forward_session_cookie);
  EXPECT_FALSE((*config)->gateway.admin.tcp);
  EXPECT_GE((*config)->workers, 1u);
  EXPECT_EQ((*config)->gateway.admin.socket_path, "sallyport.db.sock");
}

TEST(Load, TheExampleOfTheArchitectureLoads) {
  const auto config = Load(R"(
public_url = "https://app.example.com"
secret     = ["${A}", "${B}"]
listen     = "0.0.0.0:8080"
store      = "sqlite:sallyport.db"
aliases    = []
trusted_proxies = ["10.0.0.0/8", "::1"]
workers    = 3
admin      = "127.0.0.1:9090"
[session]
strategy = "jwt"
idle_timeout = "12h"
max_lifetime = "30d"
claims = ["id", "plan"]
[compat]
next_auth = "v4"
secret = "${C}"
forward_session_cookie = true
adopt_until = 2027-01-31
[upstream.web]
url  = ["http://127.0.0.1:3000", "unix:/run/web.sock"]
kind = "pages"
bearer_for = "api"
[upstream.api]
url = "http://[::1]:4000"
claims = ["email"]
host = "upstream"
[[route]]
path = "/api/*"
upstream = "api"
identity = "jwt"
strip_prefix = true
groups = ["staff"]
claims = { plan = ["pro"] }
max_body = "10MiB"
[[route]]
path = "/*"
upstream = "web"
access = "public"
[signin.password]
[signin.backend]
url = "http://127.0.0.1:4000/login"
fields = { email = "username" }
[signin.email]
smtp = "smtps://user:${C}@mail.example.com:465"
from = "Example <no-reply@example.com>"
[headers]
X-Frame-Options = "DENY"
)",
                            {{"A", std::string(32, 'a')}, {"B", std::string(32, 'b')}, {"C", std::string(32, 'c')}});
  ASSERT_TRUE(config) << config.error().front().ToString();
  const auto& c = **config;
  EXPECT_EQ(c.secrets.size(), 2u);
  EXPECT_EQ(c.workers, 3u);
  EXPECT_EQ(c.session.idle_timeout, std::chrono::hours(12));
  EXPECT_EQ(ToIso8601(c.session.adopt_until), "2027-02-01T00:00:00.000Z");
  const auto& web = c.gateway.upstreams.at(0);
  EXPECT_EQ(web.net.addresses.at(1).unix_path, "/run/web.sock");
  EXPECT_EQ(web.csrf, gateway::Csrf::kOrigin);
  const auto& api = c.gateway.upstreams.at(1);
  EXPECT_EQ(api.net.addresses.at(0).host, "::1");
  EXPECT_EQ(api.upstream_authority, "[::1]:4000");
  EXPECT_EQ(api.audience, "api");
  EXPECT_EQ(c.gateway.routes.at(0).upstream, 1u);
  EXPECT_EQ(c.gateway.routes.at(0).max_body, 10u << 20);
  EXPECT_THAT(c.gateway.routes.at(0).required_claims.at("plan"), ElementsAre("pro"));
  EXPECT_EQ(c.signin.password.registration, signin::Registration::kVerified);
  EXPECT_EQ(c.signin.backend_id, "backend");
  EXPECT_EQ(c.signin.backend.fields.at("email"), "username");
  EXPECT_EQ(c.signin.email.smtp_url, "smtps://mail.example.com:465");
  EXPECT_EQ(c.signin.email.smtp_user, "user");
  EXPECT_EQ(c.signin.email.smtp_password.size(), 32u);
  EXPECT_THAT(c.warnings, IsEmpty());
}

TEST(Load, ASyntaxErrorIsAloneAndHasItsLine) {
  EXPECT_THAT(Problems("public_url = \"x\"\nlisten = = 3\nfoo = 1\n"),
              ElementsAre(testing::StartsWith("sallyport.toml:2: this is not valid TOML: ")));
}

TEST(Load, AllProblemsComeAtOnceInTheOrderOfTheFile) {
  EXPECT_THAT(Problems(R"(public_url = "http://app.example.com"
secret = "short"
lisen = "127.0.0.1:80"
[session]
idle_timeout = 7
[upstream.api]
url = "http://127.0.0.1:4000"
[[route]]
path = "/api/*"
upstream = "apo"
)"),
              ElementsAre("sallyport.toml:1: public_url: is http:// on a host that is not this machine: cookies and passwords would "
                          "travel readable. Use https://, or spell it out: allow_insecure_http = true.",
                          "sallyport.toml:2: secret: has 5 bytes; at least 32 are needed. Make one with `sallyport secret`.",
                          "sallyport.toml:3: lisen: is not a known key. Did you mean 'listen'?",
                          "sallyport.toml:5: session.idle_timeout: is not a duration. Write a whole number and a unit in quotes: "
                          "\"500ms\", \"5s\", \"15m\", \"12h\", \"7d\".",
                          "sallyport.toml:10: route[1].upstream: no upstream is called 'apo'. Did you mean 'api'?"));
}

TEST(Load, AnEmptyFileSaysWhatIsNeeded) {
  EXPECT_THAT(Problems(""),
              ElementsAre("sallyport.toml:1: public_url: is required. The one origin that browsers see, e.g. public_url = "
                          "\"https://app.example.com\".",
                          "sallyport.toml:1: secret: is required. Set secret = \"${SALLYPORT_SECRET}\" or secret_file; make one with "
                          "`sallyport secret`.",
                          "sallyport.toml:1: upstream: is required: there is nothing to be a gateway for. Add [upstream.web] with url "
                          "= \"http://127.0.0.1:3000\"."));
}

TEST(Load, AFileThatIsNotThereIsOneProblem) {
  const auto result = LoadFile("/nonexistent/sallyport.toml", ProcessEnvironment());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().front().ToString(),
            "/nonexistent/sallyport.toml: the file cannot be read. `sallyport init` writes one to begin with.");
}

TEST(Load, MissingVariablesAreNamedAndTheirValuesNotJudgedFurther) {
  EXPECT_THAT(Problems(R"(public_url = "${URL}"
secret = "${SALLYPORT_SECRET}"
[upstream.web]
url = "http://127.0.0.1:${PORT"
[[route]]
path = "/*"
upstream = "web"
)"),
              ElementsAre(testing::StartsWith("sallyport.toml:1: public_url: the environment has no variable URL."),
                          testing::StartsWith("sallyport.toml:2: secret: the environment has no variable SALLYPORT_SECRET."),
                          "sallyport.toml:4: upstream.web.url: \"${\" is not followed by a variable's name and \"}\". Write ${NAME}; a "
                          "literal \"${\" is written \"$${\"."));
}

TEST(Load, ExpandedTextIsNeitherParsedNorExpandedAgain) {
  const auto config = Load(std::string(kMinimal) + "[pages]\nname = \"${NAME} $${NAME} $5\"\n", {{"NAME", "a\" ${X}"}});
  ASSERT_TRUE(config);
  EXPECT_EQ((*config)->gateway.pages.name, "a\" ${X} ${NAME} $5");
}

TEST(Load, TooLargeFilesAndLinesAreRefused) {
  EXPECT_THAT(Problems(std::string(300 * 1024, '#')), ElementsAre("sallyport.toml: the file is larger than 256 KiB."));
  EXPECT_THAT(Problems("\n" + std::string(9000, '#')), ElementsAre("sallyport.toml:2: the line is longer than 8 KiB."));
}

}  // namespace
}  // namespace sallyport::config
