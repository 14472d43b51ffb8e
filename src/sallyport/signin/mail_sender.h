// SPDX-License-Identifier: Apache-2.0
// Turns a mail intent into a message, keeps it sealed in the store's queue, and delivers it in the background.
//
// Accepted means stored: a restart loses nothing. Failed deliveries are tried again after 10 s, 20, 40 … up to 1 h, and given
// up after 24 h or on a permanent refusal, with an audit event. Links point to public_url and nowhere else (S53).
// With keep_in_mailbox nothing leaves the machine: the text goes to the log and to Mailbox().
// Thread-safe; what is passed to the constructor must outlive it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/base/url.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/net/smtp_client.h"
#include "sallyport/signin/mail_template.h"
#include "sallyport/signin/options.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {
struct MailIntent;
}

namespace sallyport::signin {

struct MailboxEntry {
  std::int64_t id = 0;
  std::string to, subject;
  std::string text;                 // the plain-text body, links in it
  std::string html;
  std::vector<std::string> links;   // in order of appearance, without repeats
  Timestamp at{};
  std::string state;                // "queued" | "sent" | "failed"
};

class MailSender {
 public:
  // `options` and everything else that is passed by reference outlive it. `smtp` may be null when keep_in_mailbox is set or mail is off; delivery runs on `executor`.
  MailSender(const EmailOptions& options, MailBranding branding, Origin public_url, store::Store& store,
             const crypto::DerivedKeys& keys, const Clock& clock, Random& random, net::SmtpClient* smtp,
             const Executor& executor);
  ~MailSender();

  bool enabled() const;
  // The words of mails that are sent from now on: `texts` and `language` of the options, and the branding; nothing else of them.
  void SetWords(const EmailOptions& options, MailBranding branding);
  // Queues it. kTemplate, kInvalidMail, and the store's errors; a no-op when mail is off.
  Task<void> Send(identity::MailIntent intent);
  // Newest first; empty unless keep_in_mailbox.
  Task<std::vector<MailboxEntry>> Mailbox(std::size_t limit);

  // Delivery in the background: every 5 s, and at once after Send.
  void Start();
  void Stop();
  // One pass over what is due; how many were delivered. On `executor` only. Start() calls it; so do tests.
  Task<std::size_t> DeliverDue();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::signin
