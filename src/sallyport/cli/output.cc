// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/output.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/cli/run_cli.h"

namespace sallyport::cli {
namespace {

// Characters, not bytes: columns stay straight with non-ASCII names.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

std::string Sentence(std::string_view hint) {
  std::string text(hint);
  if (text[0] >= 'a' && text[0] <= 'z' && !text.starts_with("sallyport") && !text.starts_with("http")) text[0] = char(text[0] - 32);
  return text.ends_with('.') || text.ends_with('?') ? text : text + ".";
}

void WriteIndented(std::ostream& out, const json::value& value, const std::string& indent) {
  const auto* object = value.if_object();
  const auto* array = value.if_array();
  if ((!object || object->empty()) && (!array || array->empty())) {
    out << json::serialize(value);
    return;
  }
  out << (object ? '{' : '[');
  const auto deeper = indent + "  ";
  bool first = true;
  const auto next = [&] {
    out << (first ? "\n" : ",\n") << deeper;
    first = false;
  };
  if (object) {
    for (const auto& member : *object) {
      next();
      out << json::serialize(json::value(member.key())) << ": ";
      WriteIndented(out, member.value(), deeper);
    }
  } else {
    for (const auto& item : *array) {
      next();
      WriteIndented(out, item, deeper);
    }
  }
  out << '\n' << indent << (object ? '}' : ']');
}

}  // namespace

std::string Printable(std::string_view text, std::size_t max) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < max; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C0, DEL, and C1 as UTF-8 has it.
    const bool c1 = c == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c < 0x20 || c == 0x7F || c1) {
      out += fmt::format("\\x{:02x}", c1 ? static_cast<unsigned char>(text[++i]) : c);
    } else {
      out += text[i];
    }
  }
  return out;
}

void Output::Json(const json::value& value) {
  if (streams_.out_is_terminal) {
    WriteIndented(streams_.out, value, "");
  } else {
    streams_.out << json::serialize(value);
  }
  streams_.out << '\n';
}

void Output::Line(std::string_view text) {
  if (!json_) streams_.out << text << '\n';
}

void Output::Note(std::string_view text) {
  if (!json_) streams_.err << text << '\n';
}

void Output::Rows(const Table& table) {
  std::vector<std::size_t> widths;
  for (const auto& cell : table.header) widths.push_back(Width(cell));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  const auto write = [&](const std::vector<std::string>& row, bool header) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - Width(row[i]) + 2, ' ');
    }
    if (header && streams_.out_is_terminal) line = "\x1b[4m" + line + "\x1b[0m";
    streams_.out << line << '\n';
  };
  write(table.header, true);
  for (const auto& row : table.rows) write(row, false);
}

int Output::Error(int exit_code, std::string_view code, std::string_view message, std::string_view hint) {
  if (json_) {
    json::object error{{"code", code}, {"message", message}};
    if (!hint.empty()) error["hint"] = hint;
    streams_.err << json::serialize(json::object{{"error", std::move(error)}}) << '\n';
  } else {
    streams_.err << "sallyport: " << message << '\n';
    if (!hint.empty()) streams_.err << "  " << Sentence(hint) << '\n';
  }
  return exit_code;
}

int Output::Problems(const std::vector<config::Problem>& problems, std::string_view consequence) {
  if (json_) {
    json::array list;
    for (const auto& problem : problems) {
      list.push_back(json::object{{"file", problem.file}, {"line", problem.line}, {"key", problem.key}, {"message", problem.message}, {"hint", problem.hint}});
    }
    json::object error{{"code", "bad_configuration"}, {"message", "The configuration has problems."}, {"problems", std::move(list)}};
    streams_.err << json::serialize(json::object{{"error", std::move(error)}}) << '\n';
  } else {
    for (const auto& problem : problems) streams_.err << Printable(problem.ToString(), 2000) << '\n';
    streams_.err << fmt::format("{} problem{}; {}.\n", problems.size(), problems.size() == 1 ? "" : "s", consequence);
  }
  return kUsage;
}

}  // namespace sallyport::cli
