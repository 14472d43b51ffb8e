// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sallyport/config/raw_value.h"
#include "sallyport/config/sections.h"
#include "sallyport/config/validate.h"

namespace sallyport::config {
namespace {

class Reader {
 public:
  Reader(const RawValue& root, const std::string& file, const Environment& environment, std::vector<Problem>& problems)
      : reading_{file, problems}, root_(root), top_(reading_, &root, "", ""), file_(file), environment_(environment) {}

  Config Read() {
    const auto folder = std::filesystem::path(file_).parent_path().string();
    config_.source = file_;
    ReadGeneral(top_, folder, config_);
    ReadSecretSettings(top_, folder, config_);
    auto session = Named("session"), compat = Named("compat"), limits = Named("limits");
    auto pages = Named("pages"), headers = Named("headers"), log = Named("log"), tracing = Named("tracing");
    ReadSession(session, config_);
    ReadCompat(compat, config_);
    ReadSignin(folder);
    ReadLimits(limits, config_);
    ReadPages(pages, config_);
    ReadHeaders(headers, config_);
    ReadLog(log, folder, config_);
    ReadTracing(tracing, config_);
    ReadForwardAuths();
    ReadUpstreams();
    ReadRoutes();
    Validate({top_, compat, upstreams_}, config_);
    return std::move(config_);
  }

 private:
  Section Named(std::string_view name) { return Section(reading_, root_.Find(name), std::string(name), std::string(name)); }

  void ReadSignin(const std::string& folder) {
    auto signin = Named("signin");
    const auto* table = signin.table();
    const auto below = [&](std::string_view name) {
      return Section(reading_, table ? table->Find(name) : nullptr, fmt::format("signin.{}", name), fmt::format("signin.{}", name));
    };
    auto password = below("password"), backend = below("backend"), email = below("email"), throttle = below("throttle");
    Section fields(reading_, backend.table() ? backend.table()->Find("fields") : nullptr, "signin.backend.fields",
                   "signin.backend.fields");
    ReadEmail(email, folder, config_);  // first: registration depends on it
    ReadPassword(password, config_);
    ReadBackend(backend, fields, config_);
    ReadEmailSignIn(email, config_);  // last: it shares the others' ids
    ReadThrottle(throttle, config_);
    ReadProviders(signin, folder);
  }

  void ReadProviders(Section& signin, const std::string& folder) {
    const auto* all = signin.table() ? signin.table()->Find("provider") : nullptr;
    std::set<std::string> names;
    if (all && all->kind != RawValue::Kind::kTable) {
      signin.ReportAt(all->line, "provider", "must be sections with names", "write [signin.provider.google]");
    } else if (all) {
      for (const auto& [name, table] : all->members) {
        names.insert(name);
        Section provider(reading_, &table, "signin.provider.NAME", "signin.provider." + name);
        if (provider.present()) ReadProvider(provider, name, folder, environment_, config_);
      }
    }
    AddProvidersOfEnvironment(names, reading_, environment_, config_);
  }

  void ReadUpstreams() {
    const auto* all = root_.Find("upstream");
    if (!all) return;
    if (all->kind != RawValue::Kind::kTable) return top_.Report("upstream", "must be sections with names", "write [upstream.web]");
    for (const auto& [name, table] : all->members) {
      if (table.kind != RawValue::Kind::kTable) {
        top_.ReportAt(table.line, "upstream." + name, "must be a section", "write [upstream.NAME] above it");
        continue;
      }
      upstreams_.emplace_back(reading_, &table, "upstream.NAME", "upstream." + name);
      ReadUpstream(upstreams_.back(), name, config_);
    }
  }

  void ReadForwardAuths() {
    const auto* all = root_.Find("forward_auth");
    if (!all) return;
    const bool list = all->kind == RawValue::Kind::kArray;
    for (std::size_t i = 0; i < (list ? all->items.size() : 1); ++i) {
      Section one(reading_, list ? &all->items[i] : all, "forward_auth", list ? fmt::format("forward_auth[{}]", i + 1) : "forward_auth");
      if (one.present()) ReadForwardAuth(one, config_);
    }
  }

  void ReadRoutes() {
    const auto* all = root_.Find("route");
    if (!all) return;
    if (all->kind != RawValue::Kind::kArray) return top_.Report("route", "must be a list", "write [[route]], with two brackets");
    for (std::size_t i = 0; i < all->items.size(); ++i) {
      Section route(reading_, &all->items[i], "route", fmt::format("route[{}]", i + 1));
      if (route.present()) ReadRoute(route, config_);
    }
  }

  Reading reading_;
  const RawValue& root_;
  Section top_;
  const std::string& file_;
  const Environment& environment_;
  std::vector<Section> upstreams_;
  Config config_;
};

// One byte more than may be, so that a file that is too long is seen to be.
std::optional<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code error;
  if (!file || std::filesystem::is_directory(path, error)) return std::nullopt;
  std::string text(kMaxFileBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::string Problem::ToString() const {
  std::string out = file;
  if (line > 0) out += fmt::format(":{}", line);
  if (!key.empty()) out += (out.empty() ? "" : ": ") + key;
  out += (out.empty() ? "" : ": ") + message;
  out += message.ends_with('.') ? "" : ".";
  if (hint.empty()) return out;
  auto sentence = hint;
  if (sentence[0] >= 'a' && sentence[0] <= 'z' && !sentence.starts_with("http")) sentence[0] = static_cast<char>(sentence[0] - 32);
  return out + " " + sentence + (sentence.ends_with('?') || sentence.ends_with('.') ? "" : ".");
}

Environment ProcessEnvironment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

LoadResult LoadText(std::string_view toml, const std::string& file_name, const Environment& environment) {
  std::vector<Problem> problems;
  const auto root = ParseToml(toml, file_name, environment, problems);
  if (!root) return std::unexpected(std::vector{root.error()});
  auto config = Reader(*root, file_name, environment, problems).Read();
  if (!problems.empty()) {
    std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    return std::unexpected(std::move(problems));
  }
  return std::make_shared<Config>(std::move(config));
}

LoadResult LoadFile(const std::string& path, const Environment& environment) {
  const auto text = ReadText(path);
  if (!text) return std::unexpected(std::vector{Problem{path, 0, "", "the file cannot be read", "`sallyport init` writes one to begin with"}});
  return LoadText(*text, path, environment);
}

std::optional<std::string> FindAdminSocket(const std::string& path, const Environment& environment) {
  std::vector<Problem> problems;
  const auto text = ReadText(path);
  if (!text) return std::nullopt;
  const auto root = ParseToml(*text, path, environment, problems);
  if (!root) return std::nullopt;
  Reading reading{path, problems};
  Section top(reading, &*root, "", "");
  Config config;
  ReadGeneral(top, std::filesystem::path(path).parent_path().string(), config);
  return config.gateway.admin.socket_path;
}

}  // namespace sallyport::config
