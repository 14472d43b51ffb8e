// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/access_keys.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include "sallyport/base/log.h"
#include "sallyport/crypto/sealed_box.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/jose/errc.h"

namespace sallyport::gateway {
namespace {

constexpr jose::JwsAlgorithm kAlgorithm = jose::JwsAlgorithm::kEs256;
constexpr std::string_view kAlgorithmName = "ES256";

struct SigningKey {
  store::SigningKeyRecord record;
  token::AccessTokenMinter minter;

  bool Signs(Timestamp now) const { return record.active_from <= now && (!record.retired_at || now < *record.retired_at); }
};

struct Snapshot {
  std::vector<store::SigningKeyRecord> records;   // as they were read, those that do not open too
  std::vector<SigningKey> keys;
  jose::JwkSet public_keys;
  std::string jwks;

  // The newest that is in use. A node whose clock is behind the one that made the first key must sign with that all the same.
  const SigningKey* KeyFor(Timestamp now) const {
    const SigningKey* chosen = nullptr;
    for (const SigningKey& key : keys) {
      if (key.Signs(now) && (!chosen || key.record.active_from >= chosen->record.active_from)) chosen = &key;
    }
    if (chosen) return chosen;
    for (const SigningKey& key : keys) {
      if (!key.record.retired_at && (!chosen || key.record.active_from < chosen->record.active_from)) chosen = &key;
    }
    return chosen;
  }
};

std::string AssociatedData(std::string_view kid) { return "signing-key:" + std::string(kid); }

crypto::SealedBox MakeBox(const crypto::DerivedKeys& derived, Random& random) {
  auto box = crypto::SealedBox::Create(derived.All(crypto::KeyPurpose::kStore), random);
  if (!box) throw std::invalid_argument("keys of the store: " + box.error().ToLogString());
  return *std::move(box);
}

}  // namespace

struct AccessKeys::State {
  State(store::KeyStore& k, const crypto::DerivedKeys& derived, const Clock& c, Random& random)
      : store(k), box(MakeBox(derived, random)), clock(c) {}

  store::KeyStore& store;
  const crypto::SealedBox box;
  const Clock& clock;

  mutable std::mutex mutex;  // held briefly, never over co_await
  std::shared_ptr<const Snapshot> snapshot;
  std::string signing_kid;
  std::set<std::string> reported;  // keys that do not open: said once
  std::atomic<std::uint32_t> generation = 0;

  std::shared_ptr<const Snapshot> Current() const {
    const std::lock_guard lock(mutex);
    if (!snapshot) throw std::logic_error("access keys are used before they were loaded");
    return snapshot;
  }

  store::SigningKeyRecord MakeRecord(Timestamp active_from) const {
    const auto key = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
    const std::string kid = jose::Jwk::FromPublic(key.Public()).Thumbprint();
    store::SigningKeyRecord record;
    record.kid = kid;
    record.algorithm = kAlgorithmName;
    record.sealed_private_key = jose::EncodeBase64Url(box.Seal(key.ToPem().Reveal(), AssociatedData(kid)));
    record.public_jwk = json::serialize(jose::Jwk::FromPublic(key.Public(), kid, record.algorithm).ToPublicJson());
    record.created_at = clock.Now();
    record.active_from = active_from;
    return record;
  }

  Result<crypto::PrivateKey> Unseal(const store::SigningKeyRecord& record) const {
    SALLYPORT_TRY(const std::string sealed, jose::DecodeBase64Url(record.sealed_private_key));
    SALLYPORT_TRY(std::string pem, box.Open(sealed, AssociatedData(record.kid)));
    const Secret secret(std::move(pem));
    return crypto::PrivateKey::FromPem(secret.Reveal());
  }

  Result<void> AddTo(Snapshot& to, json::array& published, const store::SigningKeyRecord& record) const {
    if (record.algorithm != kAlgorithmName) return Fail(jose::Errc::kAlgorithmNotAllowed);
    SALLYPORT_TRY(auto key, Unseal(record));
    jose::Jwk public_key = jose::Jwk::FromPublic(key.Public(), record.kid, record.algorithm);
    json::object entry = public_key.ToPublicJson();
    entry["use"] = "sig";
    SALLYPORT_TRY(auto minter,
                  token::AccessTokenMinter::Create(jose::Jwk::FromPrivate(std::move(key), record.kid, record.algorithm), kAlgorithm));
    to.keys.push_back({record, std::move(minter)});
    to.public_keys.Add(std::move(public_key));
    published.push_back(std::move(entry));
    return {};
  }

  // The present snapshot when nothing has changed: to open and check a key costs a millisecond.
  Task<std::shared_ptr<const Snapshot>> Read() {
    SALLYPORT_CO_TRY(auto records, co_await store.List());
    {
      const std::lock_guard lock(mutex);
      if (snapshot && snapshot->records == records) co_return snapshot;
    }
    auto read = std::make_shared<Snapshot>();
    json::array published;
    for (const auto& record : records) {
      const auto added = AddTo(*read, published, record);
      if (!added && FirstReport(record.kid)) {
        log::Warn("a signing key is left out", {{"kid", record.kid}, {"error", added.error().ToLogString()}});
      }
    }
    json::object document;
    document["keys"] = std::move(published);
    read->jwks = json::serialize(document);
    read->records = std::move(records);
    co_return std::shared_ptr<const Snapshot>(std::move(read));
  }

  bool FirstReport(const std::string& kid) {
    const std::lock_guard lock(mutex);
    return reported.insert(kid).second;
  }

  void Publish(std::shared_ptr<const Snapshot> fresh) {
    const SigningKey* key = fresh->KeyFor(clock.Now());
    const std::lock_guard lock(mutex);
    if (key && key->record.kid != signing_kid) {
      signing_kid = key->record.kid;
      generation.fetch_add(1, std::memory_order_relaxed);
    }
    snapshot = std::move(fresh);
  }

  // Also finishes a rotation that was cut off between its steps.
  Task<bool> TidyUp(std::shared_ptr<const Snapshot> all) {
    const Timestamp now = clock.Now();
    bool changed = false;
    for (const SigningKey& key : all->keys) {
      const auto& record = key.record;
      if (record.retired_at) {
        if (*record.retired_at + kMaxTokenLife + kMargin > now) continue;
        const auto deleted = co_await store.Delete(record.kid);
        if (!deleted && !deleted.error().Is(store::Errc::kNotFound)) co_return std::unexpected(deleted.error());
        changed = true;
        continue;
      }
      const auto successor = std::find_if(all->keys.begin(), all->keys.end(), [&](const SigningKey& other) {
        return !other.record.retired_at && other.record.active_from > record.active_from;
      });
      if (successor == all->keys.end()) continue;
      const auto retired = co_await store.Retire(record.kid, successor->record.active_from);
      if (!retired && !retired.error().Is(store::Errc::kNotFound)) co_return std::unexpected(retired.error());
      changed = true;
    }
    co_return changed;
  }

  // True when a key was made, here or by another node just now.
  Task<bool> MakeFirst(std::shared_ptr<const Snapshot> all) {
    if (all->KeyFor(clock.Now())) co_return false;
    store::SigningKeyRecord record = MakeRecord(clock.Now());
    auto inserted = co_await store.Insert(record, true);
    if (!inserted && inserted.error().Is(store::Errc::kConflict)) {
      SALLYPORT_CO_TRY(const auto again, co_await Read());
      if (again->KeyFor(clock.Now())) co_return true;
      // What is there was sealed with a secret that is not configured any more.
      inserted = co_await store.Insert(std::move(record), false);
    }
    if (!inserted) co_return std::unexpected(std::move(inserted).error());
    co_return true;
  }
};

AccessKeys::AccessKeys(store::KeyStore& keys, const crypto::DerivedKeys& derived, const Clock& clock, Random& random)
    : state_(std::make_unique<State>(keys, derived, clock, random)) {}
AccessKeys::~AccessKeys() = default;

Task<void> AccessKeys::Load() { return Refresh(); }

Task<void> AccessKeys::Refresh() {
  SALLYPORT_CO_TRY(auto all, co_await state_->Read());
  SALLYPORT_CO_TRY(const bool made, co_await state_->MakeFirst(all));
  if (made) {
    SALLYPORT_CO_TRY(all, co_await state_->Read());
  }
  SALLYPORT_CO_TRY(const bool tidied, co_await state_->TidyUp(all));
  if (tidied) {
    SALLYPORT_CO_TRY(all, co_await state_->Read());
  }
  state_->Publish(std::move(all));
  co_return Result<void>();
}

Task<std::string> AccessKeys::Rotate() {
  SALLYPORT_CO_TRY(const auto all, co_await state_->Read());
  const Timestamp now = state_->clock.Now();
  for (const SigningKey& key : all->keys) {
    if (!key.record.retired_at && key.record.active_from > now) co_return key.record.kid;
  }
  store::SigningKeyRecord record = state_->MakeRecord(now + kPublishLead);
  const std::string kid = record.kid;
  SALLYPORT_CO_CHECK(co_await state_->store.Insert(std::move(record), false));
  SALLYPORT_CO_CHECK(co_await Refresh());
  co_return kid;
}

std::string AccessKeys::Mint(const token::AccessTokenClaims& claims) const {
  const auto snapshot = state_->Current();
  const SigningKey* key = snapshot->KeyFor(state_->clock.Now());
  if (!key) throw std::logic_error("there is no access key to sign with");
  auto minted = key->minter.Mint(claims);
  if (!minted) throw std::runtime_error("an access token could not be signed: " + minted.error().ToLogString());
  return *std::move(minted);
}

std::string AccessKeys::jwks_json() const { return state_->Current()->jwks; }

std::uint32_t AccessKeys::generation() const { return state_->generation.load(std::memory_order_relaxed); }

Result<jose::VerifiedJws> AccessKeys::Verify(std::string_view token) const {
  const auto snapshot = state_->Current();
  const jose::JwsVerifier verifier(snapshot->public_keys, {kAlgorithm});
  SALLYPORT_TRY(jose::VerifiedJws verified, verifier.Verify(token));
  if (verified.header.typ != token::kAccessTokenType) return Fail(jose::Errc::kWrongType);
  return verified;
}

}  // namespace sallyport::gateway
