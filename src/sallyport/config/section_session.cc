// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "sallyport/config/sections.h"

namespace sallyport::config {
namespace {

// The end of that day, UTC.
std::optional<Timestamp> EndOfDay(std::string_view text) {
  int year = 0;
  unsigned month = 0, day = 0;
  const auto number = [&](std::size_t at, std::size_t size, auto& out) {
    const auto* end = text.data() + at + size;
    return text.size() >= at + size && std::from_chars(text.data() + at, end, out).ptr == end;
  };
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day) || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date) + std::chrono::days(1));
}

}  // namespace

void ReadSession(Section& session, Config& out) {
  auto& options = out.session;
  session.ReadChoice<session::Strategy>("strategy", options.strategy,
                                        {{"database", session::Strategy::kDatabase}, {"jwt", session::Strategy::kJwt}});
  session.Read("idle_timeout", options.idle_timeout, std::chrono::minutes(1), std::chrono::days(400));
  session.Read("max_lifetime", options.max_lifetime, std::chrono::minutes(1), std::chrono::days(400));
  session.Read("update_age", options.update_age, std::chrono::seconds(1), std::chrono::days(1));
  session.ReadList("claims", out.gateway.session_claims);
  session.ReadList("update_claims", options.update_claims);
  session.ReadNumber("cache_entries", options.cache_entries, 100, 10'000'000);
  if (options.idle_timeout > options.max_lifetime) {
    session.Report(session.Has("idle_timeout") ? "idle_timeout" : "max_lifetime", "idle_timeout is longer than max_lifetime",
                   "a session that is used lasts at most max_lifetime; set idle_timeout to that or less");
  }
  if (options.update_age >= options.idle_timeout) {
    session.Report(session.Has("update_age") ? "update_age" : "idle_timeout", "update_age must be shorter than idle_timeout",
                   "else sessions in use would end");
  }
}

void ReadCompat(Section& compat, Config& out) {
  auto& options = out.session;
  compat.ReadChoice<session::NextAuthCompat>("next_auth", options.compat,
                                             {{"v4", session::NextAuthCompat::kV4},
                                              {"v5", session::NextAuthCompat::kV5},
                                              {"off", session::NextAuthCompat::kOff}});
  options.compat_secrets = compat.ReadSecrets("secret");
  for (const auto& secret : options.compat_secrets) {
    if (secret.empty()) compat.Report("secret", "is empty", "it is the application's NEXTAUTH_SECRET or AUTH_SECRET");
    else if (secret.size() < 32) out.warnings.push_back("compat.secret is shorter than 32 bytes; give the application a longer one.");
    for (const auto& own : out.secrets) {
      if (own.Reveal() == secret.Reveal()) {
        compat.Report("secret", "is the same as secret: the application could make what only Sallyport may make",
                      "give Sallyport a secret of its own, from `sallyport secret`");
      }
    }
  }
  compat.Read("forward_session_cookie", out.gateway.forward_session_cookie);

  const auto* until = compat.Find("adopt_until");
  if (!until || until->incomplete) return;
  const auto end = EndOfDay(until->text);
  if (!end) return compat.Report("adopt_until", "is not a date", "write adopt_until = 2027-01-31");
  options.adopt_until = *end;
}

}  // namespace sallyport::config
