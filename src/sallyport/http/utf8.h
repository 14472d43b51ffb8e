// SPDX-License-Identifier: Apache-2.0
// UTF-8 well-formedness (Unicode 15, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string_view>

namespace sallyport::http {

// Octet by octet.
class Utf8Validator {
 public:
  // False when `octet` cannot stand here; the validator is of no more use then.
  bool Feed(unsigned char octet) {
    if (pending_ == 0) {
      if (octet < 0x80) return true;
      low_ = 0x80;
      high_ = 0xbf;
      if (octet >= 0xc2 && octet <= 0xdf) pending_ = 1;
      else if (octet >= 0xe0 && octet <= 0xef) pending_ = 2;
      else if (octet >= 0xf0 && octet <= 0xf4) pending_ = 3;
      else return false;
      if (octet == 0xe0) low_ = 0xa0;
      if (octet == 0xed) high_ = 0x9f;
      if (octet == 0xf0) low_ = 0x90;
      if (octet == 0xf4) high_ = 0x8f;
      return true;
    }
    if (octet < low_ || octet > high_) return false;
    low_ = 0x80;
    high_ = 0xbf;
    --pending_;
    return true;
  }
  // True between characters.
  bool complete() const { return pending_ == 0; }

 private:
  std::uint8_t pending_ = 0, low_ = 0x80, high_ = 0xbf;
};

inline bool IsUtf8(std::string_view text) {
  Utf8Validator validator;
  for (const char c : text)
    if (!validator.Feed(static_cast<unsigned char>(c))) return false;
  return validator.complete();
}

}  // namespace sallyport::http
