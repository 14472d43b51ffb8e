// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

namespace sallyport {
namespace {

using boost::system::error_code;

// Builds the document bottom-up. Boost's own builder keeps the last of two members of one name, which lets two readers of
// one token see two different tokens; here the second one ends the parse.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = 10'000;
  static constexpr std::size_t max_array_size = 100'000;
  static constexpr std::size_t max_key_size = 4096;
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_array_begin(error_code&) { return true; }

  bool on_object_end(std::size_t count, error_code& ec) {
    json::object object;
    object.reserve(count);
    const auto keys = keys_.end() - static_cast<std::ptrdiff_t>(count);
    const auto values = values_.end() - static_cast<std::ptrdiff_t>(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      if (!object.emplace(keys[at], std::move(values[at])).second) {
        duplicate_ = true;
        ec = json::error::syntax;
        return false;
      }
    }
    keys_.erase(keys, keys_.end());
    values_.erase(values, values_.end());
    values_.emplace_back(std::move(object));
    return true;
  }
  bool on_array_end(std::size_t count, error_code&) {
    const auto values = values_.end() - static_cast<std::ptrdiff_t>(count);
    json::array array(std::make_move_iterator(values), std::make_move_iterator(values_.end()));
    values_.erase(values, values_.end());
    values_.emplace_back(std::move(array));
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, error_code&) { return Append(part); }
  bool on_key(json::string_view part, std::size_t, error_code&) {
    Append(part);
    keys_.push_back(std::move(partial_));
    partial_.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, error_code&) { return Append(part); }
  bool on_string(json::string_view part, std::size_t, error_code&) {
    Append(part);
    values_.emplace_back(json::string(partial_));
    partial_.clear();
    return true;
  }

  bool on_number_part(json::string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, error_code&) { return Push(value); }
  bool on_uint64(std::uint64_t value, json::string_view, error_code&) { return Push(value); }
  bool on_double(double value, json::string_view, error_code& ec) {
    // 1e66666666 would become infinity, which is no JSON value and breaks arithmetic on claims.
    if (!std::isfinite(value)) ec = json::error::exponent_overflow;
    return std::isfinite(value) && Push(value);
  }
  bool on_bool(bool value, error_code&) { return Push(value); }
  bool on_null(error_code&) { return Push(nullptr); }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

  bool duplicate() const { return duplicate_; }
  json::value TakeRoot() { return std::move(values_.back()); }

 private:
  bool Append(json::string_view part) {
    partial_.append(part.data(), part.size());
    return true;
  }
  template <class T>
  bool Push(T value) {
    values_.emplace_back(value);
    return true;
  }

  std::vector<json::value> values_;
  std::vector<std::string> keys_;
  std::string partial_;
  bool duplicate_ = false;
};

std::unexpected<Error> Invalid(std::string why) {
  return Fail(std::make_error_code(std::errc::invalid_argument), std::move(why));
}

}  // namespace

Result<json::value> ParseJson(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.max_bytes) return Invalid("JSON of more than " + std::to_string(limits.max_bytes) + " bytes");
  json::parse_options options;
  options.max_depth = limits.max_depth;
  json::basic_parser<StrictHandler> parser(options);
  error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (parser.handler().duplicate()) return Invalid("JSON with a member that stands twice");
  if (ec) return Invalid("JSON: " + ec.message());
  if (used < text.size()) return Invalid("JSON with trailing bytes");
  return parser.handler().TakeRoot();
}

Result<json::object> ParseJsonObject(std::string_view text, JsonLimits limits) {
  SALLYPORT_TRY(json::value value, ParseJson(text, limits));
  if (!value.is_object()) return Invalid("JSON that is no object");
  return std::move(value.get_object());
}

std::optional<std::string_view> GetString(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<std::int64_t> GetInteger(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

}  // namespace sallyport
