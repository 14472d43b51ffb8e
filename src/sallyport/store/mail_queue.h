// SPDX-License-Identifier: Apache-2.0
// Mail that waits for delivery; survives a restart. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/store/errc.h"

namespace sallyport::store {

struct QueuedMail {
  std::int64_t id = 0;           // set by the store
  std::string to;
  std::string subject;
  std::string sealed_message;    // AES-256-GCM over the RFC 5322 text: it holds one-time links
  Timestamp created_at{};
  Timestamp next_try{};
  int tries = 0;
  std::string state = "queued";  // "queued" | "sent" | "failed"

  bool operator==(const QueuedMail&) const = default;
};

class MailQueue {
 public:
  virtual ~MailQueue() = default;
  virtual Task<std::int64_t> Enqueue(QueuedMail mail) = 0;
  // Takes up to `limit` due mails, counts the try and moves their next_try to `lease_until`, so that no other node sends
  // them too.
  virtual Task<std::vector<QueuedMail>> ClaimDue(Timestamp now, Timestamp lease_until, std::size_t limit) = 0;
  // kNotFound. Sent mails are kept only when `keep` (the mailbox page of `dev`).
  virtual Task<void> MarkSent(std::int64_t id, bool keep) = 0;
  // Puts it back for `next_try`, or gives up for good with nullopt. kNotFound.
  virtual Task<void> MarkFailed(std::int64_t id, std::optional<Timestamp> next_try) = 0;
  // Newest first, whatever their state.
  virtual Task<std::vector<QueuedMail>> ListNewest(std::size_t limit) = 0;
  // Of the `limit` mails queued first, deletes those created before `before`, whatever their state. Returns how many.
  virtual Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) = 0;
};

}  // namespace sallyport::store
