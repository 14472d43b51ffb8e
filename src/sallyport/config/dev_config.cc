// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/dev_config.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "sallyport/config/listen_address.h"
#include "sallyport/config/sections.h"
#include "sallyport/http/target.h"
#include "sallyport/signin/providers/options.h"

namespace sallyport::config {
namespace {

class DevConfig {
 public:
  DevConfig(const DevOptions& options, Random& random, const Environment& environment) : options_(options), random_(random), environment_(environment) {}

  LoadResult Make() {
    Listen();
    PublicUrl();
    State();
    Upstreams();
    Signin();
    for (const auto& provider : options_.oidc) Provider(provider);
    KnownProviders();
    config_.source = "sallyport dev";
    config_.workers = std::max(1u, std::thread::hardware_concurrency());
    config_.gateway.dev = true;
    config_.gateway.search_answers = true;
    config_.gateway.pages.name = "Development";
    config_.gateway.session_claims = {"id"};
    config_.drain_limit = std::chrono::seconds(3);
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return std::make_shared<Config>(std::move(config_));
  }

 private:
  void Report(std::string key, std::string message, std::string hint = {}) {
    problems_.push_back({"", 0, std::move(key), std::move(message), std::move(hint)});
  }
  template <class... A>
  void Assume(fmt::format_string<A...> text, A&&... arguments) {
    config_.assumptions.push_back(fmt::format(text, std::forward<A>(arguments)...));
  }

  void Listen() {
    auto address = ParseListenAddress(options_.listen);
    if (!address || !address->unix_path.empty()) {
      return Report("--listen", fmt::format("'{}' is not an address", options_.listen), "write 127.0.0.1:8080");
    }
    port_ = address->port;
    if (!IsLoopback(*address)) config_.warnings.push_back("--listen is open to the network; dev is made for this machine only.");
    config_.server.listen = {*std::move(address)};
  }

  // Everything that a browser on this machine may call the gateway is the gateway.
  void PublicUrl() {
    auto& gateway = config_.gateway;
    const auto text = options_.public_url.empty() ? fmt::format("http://localhost:{}", port_ ? port_ : 80) : options_.public_url;
    auto origin = ParseOrigin(text);
    if (!origin) return Report("--public-url", "is not an origin", "write http://localhost:8080");
    gateway.public_url = *std::move(origin);
    if (port_ == 0) return;
    if (options_.public_url.empty()) {
      gateway.aliases.push_back(Origin{"http", "127.0.0.1", port_});
      Assume("Open {} in the browser; 127.0.0.1 works too (--public-url changes it).", gateway.public_url.ToString());
    }
    gateway.internal_hosts = {fmt::format("localhost:{}", port_), fmt::format("127.0.0.1:{}", port_), fmt::format("[::1]:{}", port_)};
  }

  void State() {
    namespace fs = std::filesystem;
    const fs::path folder = options_.state_dir.empty() ? "." : options_.state_dir;
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return Report("--state-dir", fmt::format("cannot be made: {}", std::strerror(errno)));
    }
    config_.sqlite_path = (folder / "sallyport.db").string();
    config_.gateway.admin.socket_path = (folder / "admin.sock").string();
    if (config_.gateway.admin.socket_path.size() > kMaxSocketPath) Report("--state-dir", "is too long for a unix socket", "use a shorter path");
    ReadOrMakeSecret((folder / "secret").string());
    Assume("Users, sessions and a generated secret are in {}/; remove it to start afresh.", folder.string());
  }

  void ReadOrMakeSecret(const std::string& path) {
    const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) {
      const Secret line(random_.Hex(32) + "\n");
      const bool written = ::write(fd, line.Reveal().data(), line.size()) == static_cast<ssize_t>(line.size());
      if (::close(fd) != 0 || !written) return Report("--state-dir", "the secret cannot be written");
    } else if (errno != EEXIST) {
      return Report("--state-dir", fmt::format("the secret cannot be written: {}", std::strerror(errno)));
    }
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    if (line.size() < 32) return Report("--state-dir", fmt::format("{} holds no secret", path), "remove it: a new one is made");
    config_.secrets.emplace_back(std::move(line));
  }

  std::optional<net::UpstreamOptions::Address> Address(std::string_view option, const std::string& text, std::string& authority) {
    if (text.starts_with("unix:/")) return net::UpstreamOptions::Address{.host = "", .port = 0, .unix_path = text.substr(5)};
    const auto url = ParseUrl(text.find("://") == std::string::npos ? "http://" + text : text);
    if (!url || url->origin.secure() || url->path != "/" || !url->query.empty()) {
      Report(std::string(option), fmt::format("'{}' is not the address of a server", text), "write http://localhost:3000");
      return std::nullopt;
    }
    authority = url->origin.Authority();
    auto host = url->origin.host;
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return net::UpstreamOptions::Address{.host = host, .port = url->origin.port, .unix_path = ""};
  }

  void AddUpstream(std::string name, std::string_view option, const std::string& text, gateway::UpstreamKind kind) {
    gateway::UpstreamPolicy policy;
    policy.net.name = policy.audience = std::move(name);
    policy.kind = kind;
    policy.csrf = kind == gateway::UpstreamKind::kPages ? gateway::Csrf::kOrigin : gateway::Csrf::kToken;
    if (auto address = Address(option, text, policy.upstream_authority)) policy.net.addresses.push_back(*std::move(address));
    config_.gateway.upstreams.push_back(std::move(policy));
  }

  void Upstreams() {
    auto& gateway = config_.gateway;
    if (options_.web.empty()) return Report("--web", "is required", "the address of your front end: --web http://localhost:3000");
    AddUpstream("web", "--web", options_.web, gateway::UpstreamKind::kPages);
    if (!options_.api.empty()) {
      AddUpstream("api", "--api", options_.api, gateway::UpstreamKind::kApi);
      gateway.upstreams[1].claims = {"email", "name"};
      gateway.upstreams[0].bearer_for = "api";
      ApiRoute();
    }
    gateway::Route pages;
    pages.path = "/*";
    pages.access = gateway::Access::kOptional;
    gateway.routes.push_back(std::move(pages));
    Assume("Everything else goes to {}, signed in or not; pages learn who is there (access = \"optional\").", options_.web);
  }

  void ApiRoute() {
    auto base = options_.api_path;
    while (base.ends_with('/') || base.ends_with('*')) base.pop_back();
    std::string scratch;
    const auto target = base.starts_with('/') ? http::CanonicalTarget(base, http::Method::kGet, scratch) : Result<http::Target>(Fail(http::Errc::kBadTarget));
    if (!target || target->path != base || target->has_query || base == "/api/auth" || base.starts_with("/api/auth/")) {
      return Report("--api-path", fmt::format("'{}' is not a path that can go to the API", options_.api_path), "write --api-path /api");
    }
    gateway::Route api;
    api.path = base + "/*";
    api.upstream = 1;
    api.access = gateway::Access::kSession;
    api.identity = gateway::Identity::kJwt;
    api.strip_prefix = options_.strip_prefix;
    Assume("{} goes to {}{}, for signed-in people only, with an access token (audience \"api\").", api.path, options_.api,
           options_.strip_prefix ? " without " + base : std::string());
    config_.gateway.routes.push_back(std::move(api));
  }

  void Signin() {
    auto& signin = config_.signin;
    signin.password.enabled = true;
    signin.password.registration = signin::Registration::kVerified;
    signin.email.enabled = true;
    signin.email.keep_in_mailbox = true;
    signin.email_sign_in.enabled = true;
    Assume("People sign in with e-mail and password, or with a link by mail; no mail is sent, it is shown in the log and at {}/api/auth/dev/mailbox.",
           config_.gateway.public_url.ToString());
  }

  // NAME=ISSUER: any OpenID Provider, on this machine too. Without a secret we are a public client.
  void Provider(const std::string& text) {
    const auto equals = text.find('=');
    signin::ProviderSettings settings;
    signin::ProviderOptions provider;
    settings.id = text.substr(0, equals);
    if (settings.id.empty() || settings.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos)
      return Report("--oidc", fmt::format("'{}' does not begin with a name of a-z, 0-9, - and _", text), "write --oidc work=https://id.example.com");
    settings.kind = signin::ProviderKind::kOidc;
    if (equals != std::string::npos) settings.issuer = text.substr(equals + 1);
    settings.name = settings.id;
    if (!settings.id.empty() && settings.id[0] >= 'a' && settings.id[0] <= 'z') (*settings.name)[0] = static_cast<char>(settings.id[0] - 32);
    settings.allow_http = provider.allow_private_network = true;
    const auto id_name = signin::EnvironmentName(settings.id, "ID"), secret_name = signin::EnvironmentName(settings.id, "SECRET");
    provider.credentials.client_id = environment_(id_name).value_or("sallyport");
    provider.credentials.client_secret = Secret(environment_(secret_name).value_or(""));
    if (provider.credentials.client_secret.empty()) settings.client_authentication = signin::ClientAuthentication::kNone;
    settings.client_id = provider.credentials.client_id;
    auto spec = signin::ResolveProvider(settings);
    if (!spec) return Report("--oidc", fmt::format("'{}' is not a provider: {}", text, spec.error().front().message), "write --oidc work=https://id.example.com");
    provider.spec = *std::move(spec);
    Assume("People sign in at {} as well (client id \"{}\", {}; {} and {} change that).", *settings.issuer, provider.credentials.client_id,
           provider.credentials.client_secret.empty() ? "no secret" : "with a secret", id_name, secret_name);
    config_.signin.providers.push_back(std::move(provider));
  }

  void KnownProviders() {
    std::set<std::string> named;
    for (const auto& provider : config_.signin.providers) named.insert(provider.spec.id);
    Reading reading{config_.source, problems_};
    const auto before = named.size();
    AddProvidersOfEnvironment(named, reading, environment_, config_);
    for (auto i = before; i < config_.signin.providers.size(); ++i) {
      Assume("People sign in with {} as well: its credentials stand in the environment.", config_.signin.providers[i].spec.name);
    }
  }

  const DevOptions& options_;
  Random& random_;
  const Environment& environment_;
  Config config_;
  std::vector<Problem> problems_;
  std::uint16_t port_ = 0;
};

}  // namespace

LoadResult MakeDevConfig(const DevOptions& options, Random& random, const Environment& environment) {
  return DevConfig(options, random, environment).Make();
}

}  // namespace sallyport::config
