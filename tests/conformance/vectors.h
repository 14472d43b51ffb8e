// SPDX-License-Identifier: Apache-2.0
// Vector files that are not part of this repository: in $SALLYPORT_VECTORS, else in ../shared/vectors beside the checkout.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::test {

std::string VectorPath(std::string_view relative);
// nullopt when the file is not there; the caller skips its test and says so.
std::optional<std::string> ReadVectorFile(std::string_view relative);

}  // namespace sallyport::test
