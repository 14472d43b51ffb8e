// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/header_field.h"

#include <cstring>

#include "sallyport/http/char_class.h"
#include "sallyport/http/known_headers.h"

namespace sallyport::http {
namespace {

// Eight bytes with their upper-case letters lowered, and nothing else.
std::uint64_t LowerEight(const char* text) {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255, kHigh = kOnes * 0x80;
  std::uint64_t word;
  std::memcpy(&word, text, 8);
  const std::uint64_t low = word & ~kHigh;
  const std::uint64_t upper = ((low + kOnes * (0x80 - 'A')) ^ (low + kOnes * (0x7f - 'Z'))) & ~word & kHigh;
  return word | upper >> 2;
}

}  // namespace

HeaderId IdentifyHeader(std::string_view name) {
  std::array<char, known_headers::kMaxKnownName> copy{};
  if (name.size() > copy.size()) return HeaderId::kOther;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!Is(name[i], char_class::kToken)) return HeaderId::kOther;
    copy[i] = name[i];
  }
  return known_headers::Identify({copy.data(), name.size()});
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size >= 8) {
    // The last eight bytes overlap with those before them.
    for (std::size_t i = 0; i + 8 < size; i += 8)
      if (LowerEight(a.data() + i) != LowerEight(b.data() + i)) return false;
    return LowerEight(a.data() + size - 8) == LowerEight(b.data() + size - 8);
  }
  for (std::size_t i = 0; i < size; ++i)
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  return true;
}

std::size_t HeaderTable::Count(HeaderId id) const {
  if (!Has(id)) return 0;
  std::size_t count = 0;
  for (std::size_t i = first_[static_cast<std::size_t>(id)]; i < size_; ++i) count += fields_[i].id == id;
  return count;
}

const HeaderField* HeaderTable::Find(std::string_view name) const {
  for (const HeaderField& field : fields())
    if (EqualsIgnoreCase(field.name, name)) return &field;
  return nullptr;
}

}  // namespace sallyport::http
