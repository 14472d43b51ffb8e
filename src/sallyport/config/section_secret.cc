// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "sallyport/config/sections.h"

namespace sallyport::config {
namespace {

constexpr std::size_t kMinSecretBytes = 32;
constexpr std::string_view kHint = "make one with `sallyport secret`";

std::vector<Secret> ReadFile(Section& top, const std::string& path, Config& out) {
  std::vector<Secret> secrets;
  std::ifstream file(path);
  if (!file) {
    top.Report("secret_file", "cannot be read", "make it: (umask 077; sallyport secret > FILE)");
    return secrets;
  }
  for (std::string line; secrets.size() < 17 && std::getline(file, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) secrets.emplace_back(std::move(line));
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IROTH | S_IWOTH)) != 0) {
    out.warnings.push_back("Everybody on this machine can read secret_file; chmod 600 it.");
  }
  return secrets;
}

}  // namespace

void ReadSecretSettings(Section& top, const std::string& folder, Config& out) {
  const bool in_file = top.Has("secret_file");
  if (top.Has("secret") && in_file) return top.Report("secret_file", "secret is set too", "keep one of them");
  if (!top.Has("secret") && !in_file) {
    return top.Report("secret", "is required", "set secret = \"${SALLYPORT_SECRET}\" or secret_file; " + std::string(kHint));
  }
  const std::string_view key = in_file ? "secret_file" : "secret";
  std::string path;
  if (in_file && !top.Read("secret_file", path)) return;
  auto secrets = in_file ? ReadFile(top, InFolder(folder, path), out) : top.ReadSecrets("secret");
  // Values are never quoted (S62); which one of a list it is can be told.
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const auto which = secrets.size() > 1 ? fmt::format("number {} ", i + 1) : std::string();
    if (secrets[i].size() < kMinSecretBytes) {
      top.Report(key, fmt::format("{}has {} bytes; at least {} are needed", which, secrets[i].size(), kMinSecretBytes),
                 std::string(kHint));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (secrets[i].Reveal() == secrets[j].Reveal()) top.Report(key, fmt::format("{}is there twice", which));
    }
  }
  const auto* value = top.Find(key);
  const bool judged = value->incomplete ||
                      std::any_of(value->items.begin(), value->items.end(), [](const auto& item) { return item.incomplete; });
  if (secrets.empty() && !judged && (!in_file || std::ifstream(InFolder(folder, path)).good()) &&
      (value->kind == RawValue::Kind::kString || value->kind == RawValue::Kind::kArray)) {
    top.Report(key, "is empty", std::string(kHint));
  }
  if (secrets.size() > 16) top.Report(key, "holds more than 16 secrets");
  out.secrets = std::move(secrets);
}

}  // namespace sallyport::config
