// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/token_error.h"

#include <algorithm>

#include "sallyport/http/form.h"

namespace sallyport::oauth {
namespace {

constexpr std::size_t kMaxText = 200;
constexpr std::size_t kLongestWord = 24;  // of what cannot be a token of ours or theirs

Error Describe(Errc code, std::string_view error, std::string_view description) {
  std::string detail = LogText(error);
  if (!description.empty()) detail += ": " + LogText(description);
  return Error(code, std::move(detail));
}

struct Said {
  std::string error, description;
};

Said Read(std::string_view content_type, std::string_view body) {
  if (http::IsUrlencodedForm(content_type)) {
    const auto form = http::ParseForm(body);
    if (!form) return {};
    return {std::string(form->Find("error").value_or("")), std::string(form->Find("error_description").value_or(""))};
  }
  const auto object = ParseJsonObject(body, {.max_bytes = 64 * 1024});
  if (!object) return {};
  // Twitch says {status, message}.
  return {std::string(GetString(*object, "error").value_or("")),
          std::string(GetString(*object, "error_description").value_or(GetString(*object, "message").value_or("")))};
}

}  // namespace

std::string LogText(std::string_view text) {
  std::string out, word;
  const auto end_word = [&] {
    out += word.size() > kLongestWord ? std::string("...") : word;
    word.clear();
  };
  for (const char c : text) {
    if (out.size() + std::min(word.size(), kLongestWord) >= kMaxText) break;
    const bool of_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                         std::string_view("-_.~+/=%").find(c) != std::string_view::npos;
    if (of_word) {
      word += c;
      continue;
    }
    end_word();
    out += c >= 0x20 && c < 0x7f ? c : '?';
  }
  end_word();
  return out;
}

Errc CodeForError(std::string_view error) {
  if (error == "access_denied") return Errc::kAccessDenied;
  if (error == "invalid_grant") return Errc::kInvalidGrant;
  // The last is GitHub's.
  if (error == "invalid_client" || error == "unauthorized_client" || error == "incorrect_client_credentials") return Errc::kInvalidClient;
  if (error == "temporarily_unavailable" || error == "server_error") return Errc::kProviderUnavailable;
  return Errc::kProviderError;
}

Error ErrorFromAnswer(long status, std::string_view content_type, std::string_view body) {
  const Said said = Read(content_type, body);
  const std::string prefix = "status " + std::to_string(status);
  const auto with_status = [&](Errc code) {
    Error error = Describe(code, said.error, said.description);
    error.detail = error.detail.empty() ? prefix : prefix + ", " + error.detail;
    return error;
  };
  if (status >= 500 || status == 429 || status < 100) return with_status(Errc::kProviderUnavailable);
  if (!said.error.empty()) return with_status(CodeForError(said.error));
  return with_status(status == 401 ? Errc::kInvalidClient : Errc::kProviderError);
}

std::optional<Error> ErrorInside(const json::object& body) {
  const json::value* member = body.if_contains("error");
  if (member == nullptr || member->is_null()) return std::nullopt;
  if (!member->is_string()) return Error(Errc::kProviderError, "an error that is not a string");
  const std::string_view error = member->get_string();
  if (error.empty()) return std::nullopt;
  return Describe(CodeForError(error), error, GetString(body, "error_description").value_or(""));
}

}  // namespace sallyport::oauth
