// SPDX-License-Identifier: Apache-2.0
// The diagnostic log: structured, one line an event, text or JSON. Not for access lines (gateway/middleware/access_log.h)
// and not for audit events (store/audit_store.h).
//
// Values are encoded so that no value can forge a line or a field (S62). Secrets have no way in: Secret does not convert.
//   log::Warn("upstream is out", {{"upstream", name}, {"failures", 3}});
// Thread-safe. Cheap when the level is off.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace sallyport::log {

enum class Level { kDebug, kInfo, kWarn, kError };
enum class Format { kText, kJson };

struct Field {
  std::string_view name;
  std::variant<std::int64_t, double, bool, std::string> value;

  Field(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  Field(std::string_view n, const std::string& v) : name(n), value(v) {}
  Field(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  Field(std::string_view n, bool v) : name(n), value(v) {}
  Field(std::string_view n, double v) : name(n), value(v) {}
  template <class I>
    requires std::is_integral_v<I>
  Field(std::string_view n, I v) : name(n), value(static_cast<std::int64_t>(v)) {}
};

struct Options {
  Level level = Level::kInfo;
  Format format = Format::kText;
  std::string file;  // empty: standard error

  bool operator==(const Options&) const = default;
};

// Once, at start-up, before threads; again only from the thread that reloads.
void Configure(const Options& options);
bool Enabled(Level level);
void Write(Level level, std::string_view message, std::initializer_list<Field> fields);
void Flush();

[[gnu::cold]] inline void Debug(std::string_view m, std::initializer_list<Field> f = {}) { if (Enabled(Level::kDebug)) Write(Level::kDebug, m, f); }
inline void Info(std::string_view m, std::initializer_list<Field> f = {}) { if (Enabled(Level::kInfo)) Write(Level::kInfo, m, f); }
[[gnu::cold]] inline void Warn(std::string_view m, std::initializer_list<Field> f = {}) { if (Enabled(Level::kWarn)) Write(Level::kWarn, m, f); }
[[gnu::cold]] inline void Error(std::string_view m, std::initializer_list<Field> f = {}) { if (Enabled(Level::kError)) Write(Level::kError, m, f); }

// `text` with control characters, quotes, backslashes and invalid UTF-8 escaped, cut at `max_bytes`: for one log value.
std::string EscapeForLog(std::string_view text, std::size_t max_bytes = 1024);

}  // namespace sallyport::log
