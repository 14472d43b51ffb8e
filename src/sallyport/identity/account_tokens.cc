// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/account_tokens.h"

#include "sallyport/identity/errc.h"
#include "sallyport/token/account_token.h"

namespace sallyport::identity {
namespace {

std::string AssociatedData(std::string_view purpose, std::string_view token_hash) {
  return "verification_token:" + std::string(purpose) + ":" + std::string(token_hash);
}

}  // namespace

AccountTokens::AccountTokens(store::VerificationTokenStore& store, const crypto::DerivedKeys& keys, const Clock& clock,
                             Random& random)
    : store_(store),
      box_(crypto::SealedBox::Create(keys.All(crypto::KeyPurpose::kAccountToken), random).value()),
      clock_(clock),
      random_(random) {}

Result<std::string> AccountTokens::HashOf(std::string_view token) {
  auto hash = token::HashAccountToken(token);
  if (!hash) return Fail(Errc::kInvalidToken, "not the shape of a token");
  return *std::move(hash);
}

Task<std::string> AccountTokens::Issue(TokenRequest request) {
  std::string text = MintText(random_);
  SALLYPORT_CO_CHECK(co_await Keep(text, std::move(request)));
  co_return text;
}

std::string AccountTokens::MintText(Random& random) { return token::MintAccountToken(random); }

Task<void> AccountTokens::Keep(std::string token, TokenRequest request) {
  store::VerificationToken row;
  SALLYPORT_CO_TRY(row.token_hash, HashOf(token));
  row.purpose = std::move(request.purpose);
  row.identifier = std::move(request.email);
  row.user_id = std::move(request.user_id);
  row.payload = box_.Seal(json::serialize(request.payload), AssociatedData(row.purpose, row.token_hash));
  row.created_at = clock_.Now();
  row.expires = row.created_at + request.lifetime;
  co_return co_await store_.Create(std::move(row), request.kept);
}

Task<ReadToken> AccountTokens::Read(std::string token, std::string purpose) {
  SALLYPORT_CO_TRY(std::string hash, HashOf(token));
  co_return co_await ReadByHash(std::move(hash), std::move(purpose));
}

Task<ReadToken> AccountTokens::ReadByHash(std::string hash, std::string purpose) {
  SALLYPORT_CO_TRY(auto row, co_await store_.Find(std::move(hash), std::move(purpose), clock_.Now()));
  if (!row) co_return Fail(Errc::kInvalidToken);
  // A row that does not open was not written by us, or under a secret that is gone.
  auto opened = box_.Open(row->payload, AssociatedData(row->purpose, row->token_hash));
  if (!opened) co_return Fail(Errc::kInvalidToken, "the payload does not open");
  auto payload = ParseJsonObject(*opened);
  if (!payload) co_return Fail(Errc::kInvalidToken, "the payload is not an object");
  co_return ReadToken{*std::move(row), *std::move(payload)};
}

}  // namespace sallyport::identity
