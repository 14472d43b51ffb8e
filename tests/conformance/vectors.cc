// SPDX-License-Identifier: Apache-2.0
#include "vectors.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace sallyport::test {

std::string VectorPath(std::string_view relative) {
  const char* const folder = std::getenv("SALLYPORT_VECTORS");
  return std::string(folder != nullptr ? folder : SALLYPORT_DEFAULT_VECTORS) + "/" + std::string(relative);
}

std::optional<std::string> ReadVectorFile(std::string_view relative) {
  std::ifstream in(VectorPath(relative), std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace sallyport::test
