// SPDX-License-Identifier: Apache-2.0
// Sends one mail through an SMTP server (libcurl; RFC 5321, STARTTLS required on smtp:// unless loopback, implicit TLS on
// smtps://). On a thread of its own; thread-safe, resumes on the caller's executor.
#pragma once

#include <memory>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/secret.h"

namespace sallyport::net {

struct SmtpOptions {
  std::string url;            // smtp://host:587 or smtps://host:465, without credentials
  std::string user;
  Secret password;
  std::string ca_file;        // as in OutboundOptions
};

struct OutboundMail {
  std::string from;           // "Example <no-reply@example.com>"
  std::string to;             // one canonical address
  std::string message;        // RFC 5322, CRLF lines
};

class SmtpClient {
 public:
  virtual ~SmtpClient() = default;
  // Errors: kOutboundFailed (temporary: try later), kAddressNotAllowed never. A permanent refusal by the server is
  // kOutboundFailed with "permanent" as detail's first word.
  virtual Task<void> Send(OutboundMail mail) = 0;
};

std::unique_ptr<SmtpClient> MakeSmtpClient(const SmtpOptions& options, const Executor& executor);

}  // namespace sallyport::net
