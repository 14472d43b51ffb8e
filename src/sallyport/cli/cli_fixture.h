// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder: the command line in a temporary folder, with its configuration.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "sallyport/base/json.h"
#include "sallyport/cli/run_cli.h"

namespace sallyport::cli::test {

struct Ran {
  int code = 0;
  std::string out, err;
  json::object json() const {
    auto value = ParseJsonObject(out);
    return value ? *std::move(value) : json::object{{"not json", out}};
  }
  std::string error_code() const {
    const auto value = ParseJsonObject(err);
    return value && value->contains("error") ? std::string(value->at("error").at("code").as_string()) : "not json: " + err;
  }
};

class CliTest : public testing::Test {
 protected:
  CliTest() {
    std::string pattern = (std::filesystem::path(testing::TempDir()) / "cli_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    Write("sallyport.toml", R"(public_url = "http://localhost:8080"
secret = "0123456789abcdef0123456789abcdef"
workers = 1
[signin.password]
[upstream.web]
url = "http://127.0.0.1:1"
[[route]]
path = "/*"
upstream = "web"
)");
  }
  ~CliTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, std::string_view text) { std::ofstream(Path(name)) << text; }

  static Ran Run(std::vector<std::string> arguments, const std::string& input = {}) {
    std::istringstream in(input);
    std::ostringstream out, err;
    const int code = RunCli(std::move(arguments), {in, out, err});
    return {code, out.str(), err.str()};
  }
  // With --config at the end.
  Ran RunHere(std::vector<std::string> arguments, const std::string& input = {}) const {
    arguments.insert(arguments.end(), {"--config", Path("sallyport.toml")});
    return Run(std::move(arguments), input);
  }

  std::filesystem::path folder_;
};

}  // namespace sallyport::cli::test
