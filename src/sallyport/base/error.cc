// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/error.h"

namespace sallyport {

std::string Error::ToLogString() const {
  std::string out = std::string(code.category().name()) + "." + code.message();
  if (!detail.empty()) out += ": " + detail;
  return out;
}

}  // namespace sallyport
