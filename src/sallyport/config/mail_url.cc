// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/mail_url.h"

#include "sallyport/base/url.h"

namespace sallyport::config {

std::optional<MailUrl> ParseMailUrl(std::string_view text) {
  MailUrl out;
  const std::string_view scheme = text.starts_with("smtps://") ? "smtps://" : "smtp://";
  if (!text.starts_with(scheme)) return std::nullopt;
  text.remove_prefix(scheme.size());
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const auto credentials = text.substr(0, at);
    const auto colon = credentials.find(':');
    const auto user = PercentDecode(credentials.substr(0, colon));
    if (!user || user->empty()) return std::nullopt;
    out.user = *user;
    if (colon != std::string_view::npos) {
      auto password = PercentDecode(credentials.substr(colon + 1));
      out.password = Secret(password ? *std::move(password) : std::string(credentials.substr(colon + 1)));
    }
    text.remove_prefix(at + 1);
  }
  const auto origin = ParseOrigin("http://" + std::string(text));
  if (!origin) return std::nullopt;
  while (text.ends_with('/')) text.remove_suffix(1);
  out.url = std::string(scheme) + std::string(text);
  return out;
}

}  // namespace sallyport::config
