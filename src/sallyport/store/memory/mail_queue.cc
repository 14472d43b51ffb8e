// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

class MemoryMailQueue final : public MailQueue {
 public:
  explicit MemoryMailQueue(State& state) : state_(state) {}

  Task<std::int64_t> Enqueue(QueuedMail mail) override {
    const std::lock_guard lock(state_.mutex);
    const std::int64_t id = ++state_.last_mail_id;
    mail.id = id;
    state_.mails[id] = std::move(mail);
    co_return id;
  }

  Task<std::vector<QueuedMail>> ClaimDue(Timestamp now, Timestamp lease_until, std::size_t limit) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<QueuedMail*> due;
    for (auto& [id, mail] : state_.mails) {
      if (mail.state == "queued" && mail.next_try <= now) due.push_back(&mail);
    }
    std::ranges::stable_sort(due, {}, &QueuedMail::next_try);
    if (due.size() > limit) due.resize(limit);
    std::vector<QueuedMail> claimed;
    for (QueuedMail* mail : due) {
      mail->next_try = lease_until;
      ++mail->tries;
      claimed.push_back(*mail);
    }
    co_return claimed;
  }

  Task<void> MarkSent(std::int64_t id, bool keep) override {
    const std::lock_guard lock(state_.mutex);
    const auto found = state_.mails.find(id);
    if (found == state_.mails.end()) co_return Fail(Errc::kNotFound);
    if (keep) {
      found->second.state = "sent";
    } else {
      state_.mails.erase(found);
    }
    co_return Result<void>();
  }

  Task<void> MarkFailed(std::int64_t id, std::optional<Timestamp> next_try) override {
    const std::lock_guard lock(state_.mutex);
    const auto found = state_.mails.find(id);
    if (found == state_.mails.end()) co_return Fail(Errc::kNotFound);
    if (next_try) {
      found->second.next_try = *next_try;
    } else {
      found->second.state = "failed";
    }
    co_return Result<void>();
  }

  Task<std::vector<QueuedMail>> ListNewest(std::size_t limit) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<QueuedMail> mails;
    for (auto it = state_.mails.rbegin(); it != state_.mails.rend() && mails.size() < limit; ++it) {
      mails.push_back(it->second);
    }
    co_return mails;
  }

  Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) override {
    const std::lock_guard lock(state_.mutex);
    std::size_t deleted = 0, seen = 0;
    for (auto it = state_.mails.begin(); it != state_.mails.end() && seen < limit; ++seen) {
      const bool old = it->second.created_at < before;
      it = old ? state_.mails.erase(it) : std::next(it);
      deleted += old ? 1 : 0;
    }
    co_return deleted;
  }

 private:
  State& state_;
};

}  // namespace

std::unique_ptr<MailQueue> MakeMailQueue(State& state) { return std::make_unique<MemoryMailQueue>(state); }

}  // namespace sallyport::store::memory
