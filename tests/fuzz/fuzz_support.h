// SPDX-License-Identifier: Apache-2.0
// What the fuzz targets share: a failed expectation that names itself, and exact copies that ASan can watch.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#define FUZZ_EXPECT(condition)                                                              \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      std::fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition);         \
      std::abort();                                                                         \
    }                                                                                       \
  } while (false)

namespace sallyport::fuzz {

// One message as a parser saw it.
struct Message {
  std::string start;                                         // method, or status in decimal
  std::string target;                                        // requests only
  std::vector<std::pair<std::string, std::string>> fields;   // values without white space at the ends
  std::string body;
  bool complete = false;
  bool operator==(const Message&) const = default;
};

inline std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

inline void Print(const char* who, const Message& m) {
  std::fprintf(stderr, "--- %s: start=%s target=%s complete=%d body=%zu\n", who, m.start.c_str(), m.target.c_str(), m.complete, m.body.size());
  for (const auto& [name, value] : m.fields) std::fprintf(stderr, "    [%s] [%s]\n", name.c_str(), value.c_str());
}

inline void ExpectSame(const char* oracle, const Message& ours, const Message& theirs) {
  if (ours == theirs) return;
  Print("sallyport", ours);
  Print(oracle, theirs);
  FUZZ_EXPECT(ours == theirs);
}

}  // namespace sallyport::fuzz
