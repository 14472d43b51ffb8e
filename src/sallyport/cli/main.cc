// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <iostream>

#include "sallyport/cli/run_cli.h"

int main(int argc, char** argv) {
  try {
    std::ios::sync_with_stdio(false);
    return sallyport::cli::RunCli({argv + 1, argv + argc},
                                  {std::cin, std::cout, std::cerr, ::isatty(STDIN_FILENO) == 1, ::isatty(STDOUT_FILENO) == 1});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "sallyport: %s\n", e.what());
    return sallyport::cli::kFailed;
  }
}
