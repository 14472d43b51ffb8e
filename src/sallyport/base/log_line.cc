// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/log_line.h"

#include <fmt/format.h>

namespace sallyport::log {
namespace {

// Length of the well-formed UTF-8 sequence at `at` (RFC 3629), 0 when there is none.
std::size_t Utf8Length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    return first == 0xED && byte(1) > 0x9F ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (first == 0xF0 && byte(1) < 0x90) return 0;
    return first == 0xF4 && byte(1) > 0x8F ? 0 : 4;
  }
  return 0;
}

// U+0080-U+009F, U+2028, U+2029 and the marks that turn the reading direction: a terminal or a viewer may act on them.
bool IsUnsafeSequence(std::string_view sequence) {
  if (sequence.size() == 2) return sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
  if (sequence.size() != 3 || sequence[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(sequence[1]), third = static_cast<unsigned char>(sequence[2]);
  return (second == 0x80 && (third == 0xA8 || third == 0xA9 || (third >= 0xAA && third <= 0xAE))) ||
         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

std::string_view NameOf(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarn: return "warn";
    case Level::kError: break;
  }
  return "error";
}

std::string JsonString(std::string_view text) {
  // EscapeForLog's \xNN is no JSON escape, so its backslash is escaped again; the plain ones mean the same in both.
  const std::string escaped = EscapeForLog(text, 4096);
  std::string out = "\"";
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] == '\\' && i + 1 < escaped.size()) {
      if (escaped[i + 1] == 'x') out += '\\';
      out += escaped[i];
      out += escaped[++i];
    } else {
      out += escaped[i];
    }
  }
  return out + '"';
}

std::string TextValue(const Field& field) {
  if (const auto* text = std::get_if<std::string>(&field.value)) {
    std::string escaped = EscapeForLog(*text);
    const bool plain = !escaped.empty() && escaped.find_first_of(" =\"\\") == std::string::npos;
    return plain ? escaped : '"' + escaped + '"';
  }
  if (const auto* flag = std::get_if<bool>(&field.value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&field.value)) return fmt::format("{}", *number);
  return fmt::format("{}", std::get<std::int64_t>(field.value));
}

}  // namespace

std::string EscapeForLog(std::string_view text, std::size_t max_bytes) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= max_bytes) return out + "...";
    const std::size_t length = Utf8Length(text, i);
    const std::string_view sequence = text.substr(i, length == 0 ? 1 : length);
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[i];
    } else if (byte == '\n' || byte == '\r' || byte == '\t') {
      out += byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t";
    } else if (length == 0 || byte < 0x20 || byte == 0x7F || IsUnsafeSequence(sequence)) {
      for (const char c : sequence) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += sequence;
    }
    i += sequence.size();
  }
  return out;
}

std::string TextLine(std::string_view message, std::initializer_list<Field> fields) {
  std::string line = EscapeForLog(message, 4096);
  const char* gap = "  ";
  for (const Field& field : fields) {
    line.append(gap).append(field.name).append("=").append(TextValue(field));
    gap = " ";
  }
  return line;
}

std::string JsonMembers(Level level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = fmt::format(R"("level":"{}","message":{})", NameOf(level), JsonString(message));
  for (const Field& field : fields) {
    const auto* text = std::get_if<std::string>(&field.value);
    line += fmt::format(",{}:{}", JsonString(field.name), text != nullptr ? JsonString(*text) : TextValue(field));
  }
  return line;
}

}  // namespace sallyport::log
