// SPDX-License-Identifier: Apache-2.0
// llhttp (Node's parser, strict defaults) as an oracle: reads one message from exactly the given bytes.
//
// Known faults of llhttp 8.1, Debian's: it refuses a chunk extension behind one that has a value ("5;a=b;c=d"), and a
// quoted pair in a value.
#pragma once

#include <llhttp.h>

#include <optional>

#include "fuzz_support.h"

namespace sallyport::fuzz {

class LlhttpOracle {
 public:
  explicit LlhttpOracle(llhttp_type_t type) {
    llhttp_settings_init(&settings_);
    settings_.on_url = [](llhttp_t* p, const char* at, std::size_t n) { return Self(p).message_.target.append(at, n), 0; };
    settings_.on_header_field = [](llhttp_t* p, const char* at, std::size_t n) { return Self(p).name_.append(at, n), 0; };
    settings_.on_header_value = [](llhttp_t* p, const char* at, std::size_t n) { return Self(p).value_.append(at, n), 0; };
    settings_.on_header_value_complete = [](llhttp_t* p) { return Self(p).TakeField(), 0; };
    settings_.on_headers_complete = [](llhttp_t* p) {
      Self(p).in_body_ = true;
      return Self(p).skip_body ? 1 : 0;
    };
    settings_.on_body = [](llhttp_t* p, const char* at, std::size_t n) { return Self(p).message_.body.append(at, n), 0; };
    settings_.on_message_complete = [](llhttp_t* p) { return Self(p).message_.complete = true, 0; };
    llhttp_init(&parser_, type, &settings_);
    parser_.data = this;
  }

  // nullopt: refused. `ends`: the connection is closed behind the bytes.
  std::optional<Message> Read(std::string_view bytes, bool ends) {
    llhttp_errno_t error = llhttp_execute(&parser_, bytes.data(), bytes.size());
    if (error == HPE_OK && ends) error = llhttp_finish(&parser_);
    if (error != HPE_OK && error != HPE_PAUSED_UPGRADE) {
      refused_extension = in_body_ && (error == HPE_INVALID_CHUNK_SIZE || error == HPE_STRICT) && LineOfError(bytes).find(';') != std::string_view::npos;
      if (!refused_extension) std::fprintf(stderr, "llhttp: %s\n", llhttp_errno_name(error));
      return std::nullopt;
    }
    message_.start = parser_.type == HTTP_REQUEST ? llhttp_method_name(static_cast<llhttp_method_t>(parser_.method)) : std::to_string(parser_.status_code);
    return std::move(message_);
  }

  bool skip_body = false;          // an answer to HEAD
  bool refused_extension = false;  // one of the known faults, perhaps

 private:
  static LlhttpOracle& Self(llhttp_t* parser) { return *static_cast<LlhttpOracle*>(parser->data); }
  // The line that llhttp stopped in, as far as it came.
  std::string_view LineOfError(std::string_view bytes) const {
    const char* const at = llhttp_get_error_pos(&parser_);
    std::string_view seen = bytes.substr(0, at == nullptr ? bytes.size() : static_cast<std::size_t>(at - bytes.data()) + 1);
    while (seen.ends_with('\n') || seen.ends_with('\r')) seen.remove_suffix(1);
    return seen.substr(seen.rfind('\n') + 1);
  }
  void TakeField() {
    if (!in_body_) message_.fields.emplace_back(name_, TrimBlanks(value_));  // trailers are dropped
    name_.clear();
    value_.clear();
  }

  llhttp_settings_t settings_;
  llhttp_t parser_;
  Message message_;
  std::string name_, value_;
  bool in_body_ = false;
};

}  // namespace sallyport::fuzz
