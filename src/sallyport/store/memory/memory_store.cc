// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/memory/state.h"

namespace sallyport::store {
namespace {

class MemoryStore final : public Store {
 public:
  UserStore& users() override { return *users_; }
  SessionStore& sessions() override { return *sessions_; }
  VerificationTokenStore& verification_tokens() override { return *verification_tokens_; }
  KeyStore& keys() override { return *keys_; }
  AuditStore& audit() override { return *audit_; }
  MailQueue& mail_queue() override { return *mail_queue_; }

  Task<void> Check() override { co_return Result<void>(); }
  Task<StoreStatistics> Statistics(Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    StoreStatistics statistics;
    for (const auto& [id, session] : state_.sessions) statistics.sessions_live += session.idle_end > now ? 1 : 0;
    for (const auto& [id, mail] : state_.mails) {
      statistics.mails_queued += mail.state == "queued" ? 1 : 0;
      statistics.mails_failed += mail.state == "failed" ? 1 : 0;
    }
    co_return statistics;
  }
  void Close() override {}

 private:
  memory::State state_;
  std::unique_ptr<UserStore> users_ = memory::MakeUserStore(state_);
  std::unique_ptr<SessionStore> sessions_ = memory::MakeSessionStore(state_);
  std::unique_ptr<VerificationTokenStore> verification_tokens_ = memory::MakeVerificationTokenStore(state_);
  std::unique_ptr<KeyStore> keys_ = memory::MakeKeyStore(state_);
  std::unique_ptr<AuditStore> audit_ = memory::MakeAuditStore(state_);
  std::unique_ptr<MailQueue> mail_queue_ = memory::MakeMailQueue(state_);
};

}  // namespace

std::unique_ptr<Store> MakeMemoryStore() { return std::make_unique<MemoryStore>(); }

}  // namespace sallyport::store
