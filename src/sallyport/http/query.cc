// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/query.h"

#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/urlencoded.h"
#include "sallyport/http/utf8.h"

namespace sallyport::http {
namespace {

void AppendEscape(std::string& out, char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += '%';
  out += kDigits[static_cast<unsigned char>(c) >> 4];
  out += kDigits[static_cast<unsigned char>(c) & 15];
}

bool DecodeText(std::string_view encoded, std::string& out) {
  return DecodeUrlencoded(encoded, out) && out.find('\0') == std::string::npos && IsUtf8(out);
}

}  // namespace

bool DecodeUrlencoded(std::string_view encoded, std::string& out) {
  out.clear();
  out.reserve(encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      out += encoded[i] == '+' ? ' ' : encoded[i];
      continue;
    }
    const int high = i + 2 < encoded.size() ? HexDigit(encoded[i + 1]) : -1;
    const int low = i + 2 < encoded.size() ? HexDigit(encoded[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

std::optional<std::string_view> Parameters::Find(std::string_view name) const {
  for (const Parameter& item : items_)
    if (item.name == name) return item.value;
  return std::nullopt;
}

std::size_t Parameters::Count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(items_.begin(), items_.end(), [&](const Parameter& p) { return p.name == name; }));
}

std::optional<std::string_view> Parameters::FindSingle(std::string_view name) const {
  const auto value = Find(name);
  if (!value || value->empty() || Count(name) != 1) return std::nullopt;
  return value;
}

Result<Parameters> ParseQuery(std::string_view query, ParameterLimits limits) {
  if (query.size() > limits.max_bytes) return Fail(Errc::kBadForm, "too many bytes");
  std::vector<Parameter> items;
  while (!query.empty()) {
    const auto ampersand = query.find('&');
    const std::string_view pair = query.substr(0, ampersand);
    query = ampersand == std::string_view::npos ? std::string_view() : query.substr(ampersand + 1);
    if (pair.empty()) continue;
    if (items.size() == limits.max_parameters) return Fail(Errc::kBadForm, "too many parameters");
    const auto equals = pair.find('=');
    Parameter& item = items.emplace_back();
    if (!DecodeText(pair.substr(0, equals), item.name)) return Fail(Errc::kBadForm, "name");
    if (equals != std::string_view::npos && !DecodeText(pair.substr(equals + 1), item.value)) return Fail(Errc::kBadForm, "value");
  }
  return Parameters(std::move(items));
}

std::optional<std::string_view> FindRawParameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto ampersand = query.find('&');
    const std::string_view pair = query.substr(0, ampersand);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=') return pair.substr(name.size() + 1);
    if (pair == name) return std::string_view();
    query = ampersand == std::string_view::npos ? std::string_view() : query.substr(ampersand + 1);
  }
  return std::nullopt;
}

void AppendUriComponent(std::string& out, std::string_view text) {
  const auto stays = [](char c) { return Is(c, char_class::kUnreserved) || c == '!' || c == '*' || c == '\'' || c == '(' || c == ')'; };
  // Piece by piece: tokens, which are most of what comes here, stay as they are.
  while (!text.empty()) {
    std::size_t length = 0;
    while (length < text.size() && stays(text[length])) ++length;
    out.append(text.substr(0, length));
    if (length == text.size()) return;
    AppendEscape(out, text[length]);
    text.remove_prefix(length + 1);
  }
}

std::string EncodeUriComponent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  AppendUriComponent(out, text);
  return out;
}

QueryBuilder& QueryBuilder::Add(std::string_view name, std::string_view value) {
  const auto append = [this](std::string_view text) {
    for (const char c : text) {
      if (Is(c, char_class::kAlphanumeric) || c == '*' || c == '-' || c == '.' || c == '_') out_ += c;
      else if (c == ' ') out_ += '+';
      else AppendEscape(out_, c);
    }
  };
  if (!out_.empty()) out_ += '&';
  append(name);
  out_ += '=';
  append(value);
  return *this;
}

std::string WithParameter(std::string_view url, std::string_view name, std::string_view value) {
  const auto hash = std::min(url.find('#'), url.size());
  std::string out(url.substr(0, hash));
  const auto question = out.find('?');
  if (question == std::string::npos) out += '?';
  else if (question + 1 != out.size() && !out.ends_with('&')) out += '&';
  out += QueryBuilder().Add(name, value).str();
  out += url.substr(hash);
  return out;
}

}  // namespace sallyport::http
