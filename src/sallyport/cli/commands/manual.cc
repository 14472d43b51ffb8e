// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/manual.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "sallyport/cli/command.h"

namespace sallyport::cli {
namespace {

int WriteManual(Context& context, const CLI::App& root, const std::string& folder) {
  auto output = context.output();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  json::array written;
  for (const auto& [name, page] : ManualPages(ReadCommandTree(root))) {
    const std::string path = (std::filesystem::path(folder) / name).lexically_normal().string();
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << page;
    file.close();
    if (!file) return output.Error(kFailed, "not_written", path + " cannot be written: " + std::strerror(errno) + ".");
    written.push_back(json::value(path));
  }
  output.Line("Wrote " + std::to_string(written.size()) + " pages; try: man " + (std::filesystem::path(folder) / "sallyport.1").lexically_normal().string());
  if (context.json) output.Json(json::object{{"pages", std::move(written)}});
  return kFine;
}

}  // namespace

void AddManual(CLI::App& root, Context& context) {
  auto folder = std::make_shared<std::string>(".");
  auto* command = AddCommand(root, context, "manual", "Write the manual pages, for packagers",
                             "  sallyport manual --directory /usr/local/share/man/man1",
                             [folder, &root](Context& c) { return WriteManual(c, root, *folder); });
  command->add_option("-d,--directory", *folder, "Where to write")->capture_default_str();
}

}  // namespace sallyport::cli
