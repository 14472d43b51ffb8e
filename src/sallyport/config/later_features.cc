// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/later_features.h"

namespace sallyport::config {

std::optional<std::string_view> LaterFeature(std::string_view section, std::string_view key) {
  struct Later {
    std::string_view section, key, sentence;
  };
  static constexpr Later kLater[] = {
      {"signin", "passkey", "passkeys come later; [signin.password] works"},
      {"", "tls", "TLS comes later; put a proxy that ends TLS in front and list it in trusted_proxies"},
      {"", "client", "clients that hold tokens come later"},
      {"", "cors", "CORS comes later; serve the front end through Sallyport, on the same origin"},
      {"upstream.NAME", "tls", "TLS to upstreams comes later; use http:// or unix:/PATH"},
  };
  for (const auto& later : kLater) {
    if (later.section == section && later.key == key) return later.sentence;
  }
  return std::nullopt;
}

}  // namespace sallyport::config
