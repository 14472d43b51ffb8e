// SPDX-License-Identifier: Apache-2.0
// Looks for one string in bytes that come in pieces, however they are cut (Knuth, Morris, Pratt). Keeps no bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport {

class StreamSearch {
 public:
  // `needle` is not empty.
  explicit StreamSearch(std::string needle);
  // True when the needle has been seen, in this piece or before.
  bool Feed(std::string_view piece);

 private:
  const std::string needle_;
  std::vector<std::size_t> fallback_;  // by how much has matched: the longest shorter beginning that still matches
  std::size_t matched_ = 0;
};

}  // namespace sallyport
