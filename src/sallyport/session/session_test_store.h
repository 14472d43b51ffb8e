// SPDX-License-Identifier: Apache-2.0
// The memory store with a hand on it: counts reads, fails when told, holds a read back between the store's answer and the
// asker, and injects lost compare-and-swaps. For tests of this layer. Thread-safe.
#pragma once

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <optional>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"
#include "sallyport/store/store.h"

namespace sallyport::session {

class TestSessionStore final : public store::SessionStore {
 public:
  explicit TestSessionStore(store::SessionStore& inner) : inner_(inner) {}

  std::atomic<int> reads = 0, touches = 0, conflicts_to_inject = 0;
  std::atomic<bool> broken = false, show_users_disabled = false;

  // From here on, reads by token hash wait for Release() with their answer in hand. The future is ready when one waits.
  std::future<void> HoldNextRead() {
    const std::lock_guard lock(mutex_);
    hold_next_ = true;
    arrived_ = std::promise<void>();
    return arrived_.get_future();
  }
  void Release() {
    const std::lock_guard lock(mutex_);
    held_->Set({});
    held_.reset();
  }

  Task<std::optional<store::Revocation>> CompleteSignIn(store::CompleteSignInCommand command) override {
    if (broken) co_return Fail(store::Errc::kUnavailable);
    co_return co_await inner_.CompleteSignIn(std::move(command));
  }
  Task<std::optional<store::SessionWithUser>> FindByTokenHash(model::TokenHash hash) override {
    ++reads;
    if (broken) co_return Fail(store::Errc::kUnavailable);
    auto row = co_await inner_.FindByTokenHash(hash);
    SALLYPORT_CO_CHECK(co_await MaybeHold());
    if (row && *row && (*row)->user && show_users_disabled) (*row)->user->disabled = true;
    co_return row;
  }
  Task<std::optional<store::SessionWithUser>> FindById(model::SessionId id) override {
    ++reads;
    if (broken) co_return Fail(store::Errc::kUnavailable);
    co_return co_await inner_.FindById(std::move(id));
  }
  Task<std::vector<model::SessionRecord>> ListForUser(model::UserId id, Timestamp now) override {
    return inner_.ListForUser(std::move(id), now);
  }
  Task<std::vector<store::SessionWithUser>> List(model::UserId id, std::size_t limit, Timestamp now) override {
    if (broken) co_return Fail(store::Errc::kUnavailable);
    co_return co_await inner_.List(std::move(id), limit, now);
  }
  Task<std::vector<model::SessionId>> FindAtProvider(std::string method, model::AtProvider named) override {
    return inner_.FindAtProvider(std::move(method), std::move(named));
  }
  Task<void> Touch(std::vector<store::SessionTouch> all) override {
    if (broken) co_return Fail(store::Errc::kUnavailable);
    touches += static_cast<int>(all.size());
    co_return co_await inner_.Touch(std::move(all));
  }
  Task<std::int64_t> UpdateClaims(model::SessionId id, std::int64_t version, std::string text) override {
    if (conflicts_to_inject > 0) {
      --conflicts_to_inject;
      co_return Fail(store::Errc::kConflict);
    }
    co_return co_await inner_.UpdateClaims(std::move(id), version, std::move(text));
  }
  Task<std::int64_t> UpdateTokens(model::SessionId id, std::int64_t version, std::string sealed) override {
    return inner_.UpdateTokens(std::move(id), version, std::move(sealed));
  }
  Task<std::optional<store::Revocation>> Revoke(model::SessionId id, std::optional<model::UserId> owner,
                                                model::EndReason reason) override {
    if (broken) co_return Fail(store::Errc::kUnavailable);
    co_return co_await inner_.Revoke(std::move(id), std::move(owner), reason);
  }
  Task<std::vector<store::Revocation>> RevokeAllOfUser(model::UserId id, std::optional<model::SessionId> except,
                                                       model::EndReason reason) override {
    return inner_.RevokeAllOfUser(std::move(id), std::move(except), reason);
  }
  Task<std::vector<store::Revocation>> SetUserDisabled(model::UserId id, bool disabled) override {
    return inner_.SetUserDisabled(std::move(id), disabled);
  }
  Task<std::vector<store::Revocation>> SetPassword(model::UserId id, std::string hash,
                                                   std::optional<model::SessionId> except) override {
    return inner_.SetPassword(std::move(id), std::move(hash), std::move(except));
  }
  Task<std::vector<store::Revocation>> RevocationsSince(std::int64_t sequence, Timestamp now) override {
    return inner_.RevocationsSince(sequence, now);
  }
  Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) override { return inner_.DeleteExpired(now, limit); }

 private:
  Task<void> MaybeHold() {
    auto [promise, future] = async::MakeCompletion<void>(co_await async::CurrentExecutor());
    {
      const std::lock_guard lock(mutex_);
      if (!hold_next_) co_return Result<void>();
      hold_next_ = false;
      held_ = promise;
      arrived_.set_value();
    }
    co_return co_await std::move(future).Wait();
  }

  store::SessionStore& inner_;
  std::mutex mutex_;
  bool hold_next_ = false;
  std::promise<void> arrived_;
  std::optional<async::Promise<void>> held_;
};

class TestStore final : public store::Store {
 public:
  store::UserStore& users() override { return inner_->users(); }
  store::SessionStore& sessions() override { return spy; }
  store::VerificationTokenStore& verification_tokens() override { return inner_->verification_tokens(); }
  store::KeyStore& keys() override { return inner_->keys(); }
  store::AuditStore& audit() override { return inner_->audit(); }
  store::MailQueue& mail_queue() override { return inner_->mail_queue(); }
  Task<void> Check() override { return inner_->Check(); }
  Task<store::StoreStatistics> Statistics(Timestamp now) override { return inner_->Statistics(now); }
  void Close() override { inner_->Close(); }

 private:
  std::unique_ptr<store::Store> inner_ = store::MakeMemoryStore();

 public:
  TestSessionStore spy{inner_->sessions()};
};

}  // namespace sallyport::session
