// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/transaction.h"

#include <charconv>

#include "sallyport/base/hex.h"
#include "sallyport/base/json.h"
#include "sallyport/crypto/digest.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/token/errc.h"

namespace sallyport::token {
namespace {

constexpr std::size_t kMaxLength = 3500;  // of the sealed text, so that name and attributes fit into 4096
constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // the year 9999

std::string Associated(std::string_view seconds, std::string_view state, std::string_view provider) {
  // Lengths are unambiguous: ids of providers and decimal numbers have no line breaks.
  return "transaction\n" + std::string(seconds) + "\n" + std::string(provider) + "\n" + std::string(state);
}

std::optional<std::int64_t> SecondsOf(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kMaxSeconds) return std::nullopt;
  return seconds;
}

std::string Text(const json::object& object, std::string_view name) { return std::string(GetString(object, name).value_or("")); }

}  // namespace

Result<TransactionSealer> TransactionSealer::Create(std::span<const Secret> keys, const Clock& clock, Random& random) {
  SALLYPORT_TRY(crypto::SealedBox box, crypto::SealedBox::Create(keys, random));
  return TransactionSealer(std::move(box), clock);
}

Result<std::string> TransactionSealer::Seal(Transaction transaction) const {
  const std::string seconds = std::to_string(UnixSeconds(clock_->Now()));
  const json::object content = {{"nonce", transaction.nonce},           {"verifier", transaction.code_verifier},
                                {"callback", transaction.callback_url}, {"link_user", transaction.link_user},
                                {"link_session", transaction.link_session}};
  const std::string box = box_.Seal(json::serialize(content), Associated(seconds, transaction.state, transaction.provider));
  std::string text = seconds + "." + jose::EncodeBase64Url(box);
  if (text.size() > kMaxLength) return Fail(Errc::kTooLarge, "transaction");
  return text;
}

Result<Transaction> TransactionSealer::Open(std::string_view text, std::string_view state, std::string_view provider) const {
  if (text.size() > kMaxLength) return Fail(Errc::kTooLarge, "transaction");
  const auto dot = text.find('.');
  const auto seconds = SecondsOf(text.substr(0, dot));
  if (dot == std::string_view::npos || !seconds || state.empty()) return Fail(Errc::kMalformed);
  const auto box = jose::DecodeBase64Url(text.substr(dot + 1));
  if (!box) return Fail(Errc::kMalformed);
  const auto opened = box_.Open(*box, Associated(text.substr(0, dot), state, provider));
  if (!opened) return Fail(Errc::kForged);
  const auto content = ParseJsonObject(*opened);
  if (!content) return Fail(Errc::kMalformed, "content of a transaction");
  const Timestamp started = FromUnixSeconds(*seconds);
  if (clock_->Now() >= started + kTransactionLifetime) return Fail(Errc::kExpired);
  Transaction out;
  out.state = state;
  out.provider = provider;
  out.nonce = Text(*content, "nonce");
  out.code_verifier = Text(*content, "verifier");
  out.callback_url = Text(*content, "callback");
  out.link_user = Text(*content, "link_user");
  out.link_session = Text(*content, "link_session");
  out.started_at = started;
  return out;
}

std::string TransactionCookieName(std::string_view prefix, std::string_view state) {
  return std::string(prefix) + EncodeHex(crypto::AsView(crypto::Sha256({"sallyport transaction name\n", state})).substr(0, 8));
}

Timestamp ClaimedStart(std::string_view text) {
  return FromUnixSeconds(SecondsOf(text.substr(0, text.find('.'))).value_or(0));
}

std::string StateHash(std::string_view state) {
  return EncodeHex(crypto::AsView(crypto::Sha256({"sallyport used state\n", state})));
}

}  // namespace sallyport::token
