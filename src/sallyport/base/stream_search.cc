// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/stream_search.h"

namespace sallyport {

StreamSearch::StreamSearch(std::string needle) : needle_(std::move(needle)), fallback_(needle_.size() + 1, 0) {
  std::size_t matched = 0;
  for (std::size_t i = 1; i < needle_.size(); ++i) {
    while (matched > 0 && needle_[i] != needle_[matched]) matched = fallback_[matched];
    if (needle_[i] == needle_[matched]) ++matched;
    fallback_[i + 1] = matched;
  }
}

bool StreamSearch::Feed(std::string_view piece) {
  for (const char c : piece) {
    if (matched_ == needle_.size()) break;
    while (matched_ > 0 && c != needle_[matched_]) matched_ = fallback_[matched_];
    if (c == needle_[matched_]) ++matched_;
  }
  return matched_ == needle_.size();
}

}  // namespace sallyport
