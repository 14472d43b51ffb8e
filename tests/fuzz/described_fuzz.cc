// SPDX-License-Identifier: Apache-2.0
// Forward-auth: what another proxy's headers say. The first byte of the input chooses the dialect, the rest is the asking head.
// Whatever is understood is canonical, belongs to the dialect's own bytes, and is understood again in the same way.
#include <cstdint>
#include <string>

#include "fuzz_support.h"
#include "sallyport/gateway/forward_auth/described_request.h"

namespace http = sallyport::http;
namespace gateway = sallyport::gateway;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto dialect = static_cast<gateway::ForwardAuthDialect>(data[0] % 5);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  http::RequestHead asking;
  const auto used = http::ParseRequestHead(text, 0, {}, asking);
  if (!used || *used == 0 || !gateway::AsksForVerdict(asking.raw_target)) return 0;

  std::string bytes;
  gateway::DescribedRequest described;
  if (!gateway::ReadDescribed(dialect, asking, bytes, described)) return 0;
  const std::string_view path = described.target.path;
  FUZZ_EXPECT(path.starts_with('/') && described.target.path_and_query.starts_with(path));
  for (const char* trick : {"//", "/./", "/../", "\\", "#", ";", "%2F", "%2f", "%5C", "%00"}) FUZZ_EXPECT(path.find(trick) == std::string_view::npos);
  FUZZ_EXPECT(!path.ends_with("/..") && !path.ends_with("/."));
  FUZZ_EXPECT(!described.authority.empty() && described.authority.find_first_of("@/\\ ") == std::string_view::npos);
  std::string scratch;
  const auto again = http::CanonicalTarget(described.target.path_and_query, described.head.method, scratch);
  FUZZ_EXPECT(again && again->path_and_query == described.target.path_and_query);
  FUZZ_EXPECT(described.head.fields.size() == asking.fields.size());
  return 0;
}
