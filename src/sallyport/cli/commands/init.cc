// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "sallyport/cli/command.h"
#include "sallyport/config/reference.h"
#include "sallyport/crypto/system_random.h"

namespace sallyport::cli {
namespace {

struct InitOptions {
  std::string folder = ".";
  bool force = false;
  bool reference = false;
};

enum class Written { kYes, kExists, kFailed };

Written WriteNew(const std::string& path, std::string_view text, bool replace, mode_t mode) {
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), mode);
  if (fd < 0) return errno == EEXIST ? Written::kExists : Written::kFailed;
  const bool whole = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  return ::close(fd) == 0 && whole ? Written::kYes : Written::kFailed;
}

int Init(Context& context, const InitOptions& options) {
  auto output = context.output();
  if (options.reference) {
    context.streams.out << config::ReferenceMarkdown();
    return kFine;
  }
  const auto file = (std::filesystem::path(options.folder) / "sallyport.toml").lexically_normal().string();
  const auto secret_file = (std::filesystem::path(options.folder) / "sallyport.secret").lexically_normal().string();
  switch (WriteNew(file, config::StarterConfiguration("sallyport.secret"), options.force, 0644)) {
    case Written::kYes: break;
    case Written::kExists: return output.Error(kFailed, "exists", file + " is there already.", "--force writes it anew");
    case Written::kFailed: return output.Error(kFailed, "not_written", file + " cannot be written: " + std::strerror(errno) + ".");
  }
  // Never replaced, not even with --force: everybody would be signed out, and what it seals would be lost.
  crypto::SystemRandom random;
  const auto made = WriteNew(secret_file, random.Hex(32) + "\n", false, 0600);
  if (made == Written::kFailed) return output.Error(kFailed, "not_written", secret_file + " cannot be written: " + std::strerror(errno) + ".");
  if (context.json) output.Json(json::object{{"configuration", file}, {"secret_file", secret_file}, {"secret_made", made == Written::kYes}});
  output.Line("Wrote " + file + (made == Written::kYes ? " and " + secret_file + " (keep it; everything is sealed with it)." : "; kept " + secret_file + "."));
  output.Line("Next: set public_url and the upstreams in it, then\n  sallyport check-config\n  sallyport user add --email YOU@EXAMPLE.COM\n  sallyport serve");
  return kFine;
}

}  // namespace

void AddInit(CLI::App& root, Context& context) {
  auto options = std::make_shared<InitOptions>();
  auto* command = AddCommand(root, context, "init", "Write a commented configuration and a secret to begin with",
                             "  sallyport init\n  sallyport init --directory /etc/sallyport",
                             [options](Context& c) { return Init(c, *options); });
  command->add_option("-d,--directory", options->folder, "Where to write")->capture_default_str();
  command->add_flag("--force", options->force, "Replace sallyport.toml (the secret is never replaced)");
  command->add_flag("--reference", options->reference, "Print docs/configuration.md instead")->group("");
}

}  // namespace sallyport::cli
