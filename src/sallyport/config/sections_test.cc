// SPDX-License-Identifier: Apache-2.0
// One table: a mistake in an otherwise good file, and the beginning of each problem that it gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/config/test_loading.h"

namespace sallyport::config {
namespace {

using test::ProblemsWith;

const std::string kMail = "[signin.email]\nsmtp = \"smtp://127.0.0.1\"\nfrom = \"a@b.example\"\n";

struct Case {
  const char* what;
  const char* top;
  std::string end;
  std::vector<std::string> problems;
};

const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"UnknownSection", "", "[sesion]\nx = 1\n", {"sesion: is not a known key. Did you mean 'session'?"}},
      {"UnknownKeyInSection", "", "[session]\nmax_lifetme = \"1d\"\n", {"session.max_lifetme: is not a known key. Did you mean 'max_lifetime'?"}},
      {"UnknownSigninMethod", "", "[signin.pasword]\n", {"signin.pasword: is not a known key. Did you mean 'password'?"}},
      {"SectionAsValue", "session = 3", "", {"session: this is a section, not a whole number. Write [session]."}},
      {"PasskeysComeLater", "", "[signin.passkey]\nenabled = true\n", {"signin.passkey: is not built yet."}},
      {"ProvidersHaveNames", "", "[signin]\nprovider = 3\n", {"signin.provider: must be sections with names. Write [signin.provider.google]."}},
      {"TlsComesLater", "", "[tls]\ncert = \"x\"\n", {"tls: is not built yet."}},
      {"PostgresComesLater", "store = \"postgres://db/x\"", "", {"store: PostgreSQL is not built yet."}},
      {"StoreFolderMustExist", "store = \"sqlite:/nonexistent/x.db\"", "", {"store: its folder does not exist."}},
      {"RetentionHasBounds", "audit_retention = \"1h\"\nmail_retention = \"1d\"", "",
       {"audit_retention: must be between 1d and", "mail_retention: must be between 2d and"}},
      {"AuthoritiesAreAFile", "tls_ca_file = \"/nonexistent/ca.pem\"", "", {"tls_ca_file: cannot be read."}},
      {"AuthoritiesAreCertificates", "tls_ca_file = \"/dev/null\"", "", {"tls_ca_file: holds no certificate."}},
      {"ListenNeedsAnAddress", "listen = [\"127.0.0.1:80\", \"example.com:80\", \"1.2.3.4\"]", "",
       {"listen: 'example.com:80' is not an address.", "listen: '1.2.3.4' is not an address."}},
      {"AdminIsLoopback", "admin = \"0.0.0.0:9090\"", "", {"admin: is not a loopback address"}},
      {"AliasIsAnOrigin", "aliases = [\"https://a.example/x\"]", "", {"aliases: 'https://a.example/x' is not an origin."}},
      {"InternalHostIsAHost", "internal_hosts = [\"a b\"]", "", {"internal_hosts: 'a b' is not a host."}},
      {"ProxyIsANetwork", "trusted_proxies = [\"10.0.0.1/8\"]", "", {"trusted_proxies: '10.0.0.1/8' is not a network."}},
      {"TypesAreChecked", "workers = \"2\"\ndrain_limit = true", "", {"workers: must be a whole number, not a string.", "drain_limit: is not a duration."}},
      {"ListsHoldStrings", "aliases = [1]", "", {"aliases: must hold strings only, not a whole number."}},
      {"TwoSecrets", "secret_file = \"x\"", "", {"secret_file: secret is set too. Keep one of them."}},
      {"IdleWithinLifetime", "", "[session]\nidle_timeout = \"31d\"\n", {"session.idle_timeout: idle_timeout is longer than max_lifetime."}},
      {"UnknownStrategy", "", "[session]\nstrategy = \"databse\"\n", {"session.strategy: 'databse' is not a value of it. Did you mean 'database'?"}},
      {"ForwardedCookieAlone", "", "[compat]\nforward_session_cookie = true\n",
       {"compat.forward_session_cookie: needs session.strategy = \"jwt\".", "compat.forward_session_cookie: needs compat.secret."}},
      {"ForwardedCookieWithCompatOff", "", "[session]\nstrategy = \"jwt\"\n[compat]\nnext_auth = \"off\"\nforward_session_cookie = true\n",
       {"compat.forward_session_cookie: needs compat.secret.", "compat.forward_session_cookie: needs compat.next_auth"}},
      {"AdoptionAlone", "", "[compat]\nadopt_until = 2027-01-01\n", {"compat.adopt_until: needs session.strategy", "compat.adopt_until: needs compat.secret."}},
      {"AdoptionDate", "", "[session]\nstrategy = \"jwt\"\n[compat]\nsecret = \"x\"\nadopt_until = \"soon\"\n", {"compat.adopt_until: is not a date."}},
      {"S45_CompatSecretIsAnother", "", "[compat]\nsecret = \"0123456789abcdef0123456789abcdef\"\n", {"compat.secret: is the same as secret"}},
      {"VerifiedNeedsMail", "", "[signin.password]\nregistration = \"verified\"\n", {"signin.password.registration: \"verified\" needs mail"}},
      {"S51_ShortPasswords", "", "[signin.password]\nmin_length = 6\n", {"signin.password.min_length: must be between 8 and 64."}},
      {"BackendNeedsUrl", "", "[signin.backend]\nid_path = \"a..b\"\n", {"signin.backend.url: is required.", "signin.backend.id_path: is not a dotted path."}},
      {"BackendUrls", "", "[signin.backend]\nurl = \"/login\"\nrefresh_url = \"ftp://x\"\n",
       {"signin.backend.url: is not an absolute http(s) URL.", "signin.backend.refresh_url: is not an absolute http(s) URL."}},
      {"MailNeedsBoth", "", "[signin.email]\n", {"signin.email.smtp: is required.", "signin.email.from: is required."}},
      {"MailSignInId", "", "[signin.password]\nid = \"email\"\n" + kMail + "sign_in = true\naliases = [\"email\", \"Resend\"]\n",
       {"signin.email.sign_in: 'email' is the id of another way to sign in.", "signin.email.aliases: 'email' is the id of another way to sign in.",
        "signin.email.aliases: must be 1 to 64 of a-z, 0-9, - and _"}},
      {"MailSignInLifetime", "", kMail + "sign_in = true\nlifetime = \"2h\"\n", {"signin.email.lifetime: must be between 5s and 1h"}},
      {"MailTexts", "", kMail + "texts = \"no/such/folder\"\n", {"signin.email.texts: the folder cannot be read"}},
      {"MailLanguage", "", kMail + "language = \"fr\"\n", {"signin.email.language: there are no mail texts in 'fr'. Known are: de, en"}},
      {"MailUrl", "", "[signin.email]\nsmtp = \"http://x\"\nfrom = \"nobody\"\n", {"signin.email.smtp: is not smtp://", "signin.email.from: is not a mail address."}},
      {"UpstreamWithPath", "", "[upstream.b]\nurl = \"http://h/x\"\n", {"upstream.b.url: 'http://h/x' has a path."}},
      {"ForwardAuthNeedsBoth", "", "[forward_auth]\n", {"forward_auth.dialect: is required.", "forward_auth.peers: is required."}},
      {"ForwardAuthDialects", "", "[forward_auth]\ndialect = \"ngnix\"\npeers = [\"10.0.0.1/8\"]\n",
       {"forward_auth.dialect: 'ngnix' is not a value of it. Did you mean 'nginx'?", "forward_auth.peers: '10.0.0.1/8' is not a network."}},
      {"S24_OneDialectPerPeer", "",
       "[[forward_auth]]\ndialect = \"nginx\"\npeers = [\"10.0.0.0/8\"]\n[[forward_auth]]\ndialect = \"caddy\"\npeers = [\"10.1.0.0/16\", \"::1\"]\n",
       {"forward_auth[2].peers: '10.1.0.0/16' has a dialect already."}},
      {"ForwardAuthNobody", "", "[forward_auth]\ndialect = \"nginx\"\npeers = []\n", {"forward_auth.peers: names nobody"}},
      {"ExternalNeedsForwardAuth", "", "[upstream.b]\nexternal = true\n", {"upstream.b.external: needs [forward_auth]"}},
      {"ExternalHasNoUrl", "", "[upstream.b]\nexternal = true\nurl = \"http://h\"\n[forward_auth]\ndialect = \"nginx\"\npeers = [\"::1\"]\n",
       {"upstream.b.url: has no use"}},
      {"UpstreamTls", "", "[upstream.b]\nurl = \"https://h\"\n", {"upstream.b.url: 'https://h' needs TLS to upstreams, which is not built yet."}},
      {"UpstreamKind", "", "[upstream.b]\nurl = \"http://h\"\nkind = \"page\"\n", {"upstream.b.kind: 'page' is not a value of it. Did you mean 'pages'?"}},
      {"BearerForUnknown", "", "[upstream.b]\nurl = \"http://h\"\nkind = \"pages\"\nbearer_for = \"apj\"\n", {"upstream.b.bearer_for: no upstream of kind \"api\" is called 'apj'. Did you mean 'api'?"}},
      {"S23_SharedAudience", "", "[upstream.b]\nurl = \"http://h\"\naudience = \"api\"\n", {"upstream.b.audience: has the audience of upstream.api"}},
      {"RouteTwice", "", "[[route]]\npath = \"/*\"\nupstream = \"api\"\n", {"route[2].path: '/*' has a route already"}},
      {"RouteShadowed", "", "[[route]]\npath = \"/api/auth/*\"\nupstream = \"api\"\n", {"route[2].path: is never reached"}},
      {"S20_RoutePathHasOneSpelling", "", "[[route]]\npath = \"/a//b\"\nupstream = \"api\"\n", {"route[2].path: has more than one spelling."}},
      {"S20_RoutePathWithDots", "", "[[route]]\npath = \"/a/../b/*\"\nupstream = \"api\"\n", {"route[2].path: has more than one spelling."}},
      {"RouteStarInside", "", "[[route]]\npath = \"/a*/b\"\nupstream = \"api\"\n", {"route[2].path: may have a \"*\" only as its end"}},
      {"RouteNeedsBoth", "", "[[route]]\n", {"route[2].path: is required.", "route[2].upstream: is required."}},
      {"PublicHasNobody", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\naccess = \"public\"\nidentity = \"jwt\"\n", {"route[2].identity: access = \"public\" looks up no session"}},
      {"GroupsNeedASession", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\naccess = \"optional\"\ngroups = [\"a\"]\n", {"route[2].access: groups and claims need access = \"session\"."}},
      {"BackendIdentity", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\nidentity = \"backend\"\n", {"route[2].identity: \"backend\" needs the API's own tokens."}},
      {"ProvidersNeedTheirIdentity", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\nproviders = [\"github\"]\n", {"route[2].providers: is for identity = \"provider\"."}},
      {"S23_ProvidersOfARouteAreKnown", "",
       "[signin.provider.github]\nclient_id = \"i\"\nclient_secret = \"s\"\n[[route]]\npath = \"/p\"\nupstream = \"api\"\nidentity = \"provider\"\nproviders = [\"githup\"]\n",
       {"route[2].providers: no provider is called 'githup'. Did you mean 'github'?"}},
      {"OpaqueComesLater", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\nidentity = \"opaque\"\n", {"route[2].identity: \"opaque\" is not built yet."}},
      {"StripNeedsAPrefix", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\nstrip_prefix = true\n", {"route[2].strip_prefix: needs a path that ends in"}},
      {"SingleBracketRoute", "route = 3", "", {"this is not valid TOML"}},
      {"PagesPaths", "", "[pages]\nsign_in = \"//evil\"\nerror = \"https://x\"\ncolor = \"blue\"\n",
       {"pages.sign_in: is not a path of this site.", "pages.error: is not a path of this site.", "pages.color: is not a colour."}},
      {"S22_HeadersOfTheGateway", "", "[headers]\nX-Auth-Email = \"x\"\nSet-Cookie = \"a=b\"\nX-A = \"a\\nb\"\n",
       {"headers.X-Auth-Email: is written by the gateway itself.", "headers.Set-Cookie: is written", "headers.X-A: must be one line"}},
      {"Limits", "", "[limits]\nhead_bytes = \"1TiB\"\nheader_fields = 5\n", {"limits.head_bytes: is not a size.", "limits.header_fields: must be between"}},
      {"ClientLimits", "", "[limits]\nconnections_per_address = -1\nrequest_burst_per_address = 5\nuncounted = [\"10.0.0.1/8\"]\nworker_wait = \"2m\"\n",
       {"limits.connections_per_address: must be between 0", "limits.request_burst_per_address: says nothing without requests_per_address_per_second.",
        "limits.uncounted: '10.0.0.1/8' is not a network.", "limits.worker_wait: must be between"}},
      {"RouteLimits", "", "[[route]]\npath = \"/p\"\nupstream = \"api\"\nmax_in_flight = -1\nrequests_per_address_per_minute = \"5\"\n",
       {"route[2].max_in_flight: must be between 0", "route[2].requests_per_address_per_minute: must be a whole number"}},
      {"LogLevel", "", "[log]\nlevel = \"warning\"\n", {"log.level: 'warning' is not a value of it. "}},
  };
  return cases;
}

TEST(Sections, LimitsByAddressLeaveOutTrustedProxiesConnectionsAndGiveABurst) {
  const auto loaded = test::Load("trusted_proxies = \"10.0.0.0/8\"\n" + std::string(test::kMinimal) +
                                 "[limits]\nconnections_per_address = 7\nrequests_per_address_per_second = 20\nuncounted = \"192.0.2.0/24\"\n");
  ASSERT_TRUE(loaded) << loaded.error().front().ToString();
  const Config& config = **loaded;
  EXPECT_EQ(config.server.max_connections_per_address, 7u);
  EXPECT_EQ(config.gateway.limits.requests_of_address_in_flight, 7u);
  EXPECT_EQ(config.gateway.limits.request_burst_per_address, 200u);
  const auto network = [](const char* text) { return *http::Cidr::Parse(text); };
  EXPECT_EQ(config.gateway.limits.uncounted, std::vector{network("192.0.2.0/24")});
  EXPECT_EQ(config.server.uncounted, (std::vector{network("192.0.2.0/24"), network("10.0.0.0/8")}));
}

TEST(Sections, EveryMistakeGivesExactlyItsProblems) {
  for (const auto& c : Cases()) {
    const auto problems = ProblemsWith(c.top, c.end);
    EXPECT_EQ(problems.size(), c.problems.size()) << c.what << ": " << testing::PrintToString(problems);
    for (std::size_t i = 0; i < std::min(problems.size(), c.problems.size()); ++i) {
      EXPECT_TRUE(problems[i].starts_with(c.problems[i])) << c.what << ": " << problems[i];
    }
  }
}

TEST(Sections, SignInByMailFollowsWhatRegistrationSays) {
  const auto of = [](const std::string& end) { return (*test::Load(std::string(test::kMinimal) + end))->signin.email_sign_in; };
  EXPECT_FALSE(of(kMail).enabled);
  EXPECT_TRUE(of(kMail + "sign_in = true\n").allow_registration);
  EXPECT_TRUE(of("[signin.password]\n" + kMail + "sign_in = true\n").allow_registration) << "registration is \"verified\" where there is mail";
  EXPECT_FALSE(of("[signin.password]\nregistration = \"closed\"\n" + kMail + "sign_in = true\n").allow_registration);
  EXPECT_TRUE(of("[signin.password]\nregistration = \"closed\"\n" + kMail + "sign_in = true\nallow_registration = true\n").allow_registration);
  EXPECT_EQ(of(kMail).lifetime, std::chrono::minutes(15));
  EXPECT_EQ(of(kMail + "aliases = [\"nodemailer\"]\n").aliases, std::vector<std::string>{"nodemailer"});
  EXPECT_FALSE(of("[signin.password]\nid = \"email\"\n" + kMail).enabled) << "an id counts where it is used";
}

TEST(Sections, WeakeningsAreAllowedButSaid) {
  const auto config = test::Load("allow_insecure_http = true\nadmin = \"0.0.0.0:9\"\nallow_remote_admin = true\n" +
                                 std::string(test::kMinimal).replace(14, 21, "http://lan.example") +
                                 "csrf = \"off\"\n[signin.password]\nregistration = \"open\"\n");
  ASSERT_TRUE(config) << config.error().front().ToString();
  EXPECT_EQ((*config)->warnings.size(), 3u) << testing::PrintToString((*config)->warnings);
  EXPECT_EQ((*config)->gateway.routes.at(0).csrf, gateway::Csrf::kOff);
}

TEST(Sections, S23_AProvidersTokenForAnApiOfAnotherIsSaid) {
  const std::string two = "[signin.provider.github]\nclient_id = \"i\"\nclient_secret = \"s\"\n[signin.provider.google]\nclient_id = \"i\"\nclient_secret = \"s\"\n";
  const std::string route = "[[route]]\npath = \"/p\"\nupstream = \"api\"\nidentity = \"provider\"\n";
  const auto of = [&](const std::string& more) { return *test::Load(std::string(test::kMinimal) + two + route + more); };
  EXPECT_THAT(of("")->warnings, testing::ElementsAre(testing::HasSubstr("Route /p: the upstream gets access tokens of every provider")));
  const auto named = of("providers = [\"google\"]\n");
  EXPECT_THAT(named->warnings, testing::IsEmpty());
  EXPECT_EQ(named->gateway.routes.at(1).providers, std::vector<std::string>{"google"});
}

TEST(Sections, S62_NoProblemHoldsASecret) {
  const std::string word = "tOps3cret-V4lue";
  const char* files[] = {
      "secret = \"tOps3cret-V4lue\"",
      "secret = tOps3cret-V4lue",
      "secret = [\"tOps3cret-V4lue\", \"tOps3cret-V4lue\"]",
      "secret = \"tOps3cret-V4lue\nx = 1",
      "secret = 'tOps3cret-V4lue",
      "secret = \"tOps3cret-V4lue\" tOps3cret-V4lue",
      "secret = { v = \"tOps3cret-V4lue\" }",
      "secret = 123456789012345678901234567890",
      "secret = 0x123456789012345678901234567890",
      "[compat]\nsecret = 1tOps3cret-V4lue",
      "[compat]\nsecret = [\"\", tOps3cret-V4lue]",
      "[signin.email]\nsmtp = \"smtpss://u:tOps3cret-V4lue@h\"\nfrom = \"x\"",
      "[signin.email]\nsmtp = \"smtps://u:tOps3cret-V4lue@\"\nfrom = \"x\"",
      "public_url = \"${P}\"\nlisten = \"${P}\"\naliases = [\"${P}\"]\ninternal_hosts = [\"${P} \"]\ntrusted_proxies = [\"${P}\"]\nstore = \"${P}\"\n"
      "[session]\nstrategy = \"${P}\"\nidle_timeout = \"${P}\"\n[upstream.a]\nurl = \"${P}\"\n[[route]]\nupstream = \"${P}\"\npath = \"${P}\"",
  };
  for (const auto* file : files) {
    const auto problems = test::Problems(file, {{"P", word}});
    EXPECT_FALSE(problems.empty()) << file;
    for (const auto& problem : problems) {
      EXPECT_EQ(problem.find("s3cret"), std::string::npos) << problem;
      EXPECT_EQ(problem.find("V4lue"), std::string::npos) << problem;
      EXPECT_EQ(problem.find("1234567"), std::string::npos) << problem;
    }
  }
}

}  // namespace
}  // namespace sallyport::config
