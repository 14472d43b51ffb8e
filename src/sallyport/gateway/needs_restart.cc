// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/needs_restart.h"

#include <algorithm>
#include <string_view>

#include "sallyport/crypto/constant_time.h"

namespace sallyport::gateway {
namespace {

bool Same(const Secret& a, const Secret& b) { return crypto::Equal(a.Reveal(), b.Reveal()); }
bool Same(const std::vector<Secret>& a, const std::vector<Secret>& b) {
  return std::ranges::equal(a, b, [](const Secret& x, const Secret& y) { return Same(x, y); });
}
template <class T>
bool Same(const T& a, const T& b) {
  return a == b;
}

Secret Copy(const Secret& secret) { return secret.Clone(); }
std::vector<Secret> Copy(const std::vector<Secret>& secrets) {
  std::vector<Secret> out;
  for (const Secret& secret : secrets) out.push_back(secret.Clone());
  return out;
}
template <class T>
T Copy(const T& value) {
  return value;
}

class Keeper {
 public:
  // One key may stand for several members; it is named once.
  template <class T>
  void Keep(std::string_view key, const T& running, T& wanted) {
    if (Same(running, wanted)) return;
    wanted = Copy(running);
    if (changed_.empty() || changed_.back() != key) changed_.emplace_back(key);
  }
  std::vector<std::string> Take() { return std::move(changed_); }

 private:
  std::vector<std::string> changed_;
};

}  // namespace

std::vector<std::string> KeepWhatNeedsRestart(const config::Config& running, config::Config& wanted) {
  Keeper keeper;
  keeper.Keep("public_url", running.gateway.public_url, wanted.gateway.public_url);
  keeper.Keep("secret", running.secrets, wanted.secrets);
  keeper.Keep("listen", running.server.listen, wanted.server.listen);
  keeper.Keep("store", running.sqlite_path, wanted.sqlite_path);
  keeper.Keep("workers", running.workers, wanted.workers);
  keeper.Keep("tls_ca_file", running.outbound.ca_file, wanted.outbound.ca_file);
  keeper.Keep("admin", running.gateway.admin.tcp, wanted.gateway.admin.tcp);
  keeper.Keep("admin_socket", running.gateway.admin.socket_path, wanted.gateway.admin.socket_path);
  keeper.Keep("session.strategy", running.session.strategy, wanted.session.strategy);
  keeper.Keep("session.cache_entries", running.session.cache_entries, wanted.session.cache_entries);
  keeper.Keep("compat.next_auth", running.session.compat, wanted.session.compat);
  keeper.Keep("compat.secret", running.session.compat_secrets, wanted.session.compat_secrets);
  keeper.Keep("compat.adopt_until", running.session.adopt_until, wanted.session.adopt_until);
  // What is valid only together with those above stays with them.
  keeper.Keep("compat.forward_session_cookie", running.gateway.forward_session_cookie, wanted.gateway.forward_session_cookie);
  const signin::EmailOptions& mail = running.signin.email;
  signin::EmailOptions& wanted_mail = wanted.signin.email;
  if (mail.enabled != wanted_mail.enabled) {
    keeper.Keep("signin.password.registration", running.signin.password.registration, wanted.signin.password.registration);
    wanted.signin.email_sign_in.enabled = running.signin.email_sign_in.enabled;
  }
  keeper.Keep("signin.email", mail.enabled, wanted_mail.enabled);
  keeper.Keep("signin.email", mail.smtp_url, wanted_mail.smtp_url);
  keeper.Keep("signin.email", mail.smtp_user, wanted_mail.smtp_user);
  keeper.Keep("signin.email", mail.smtp_password, wanted_mail.smtp_password);
  keeper.Keep("signin.email", mail.from, wanted_mail.from);
  keeper.Keep("log.access", running.gateway.logs.access, wanted.gateway.logs.access);
  keeper.Keep("log.access_file", running.gateway.logs.access_file, wanted.gateway.logs.access_file);
  keeper.Keep("log.access_format", running.gateway.logs.access_format, wanted.gateway.logs.access_format);
  keeper.Keep("tracing", running.gateway.tracing, wanted.gateway.tracing);
  return keeper.Take();
}

}  // namespace sallyport::gateway
