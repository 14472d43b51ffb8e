// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/throttle.h"

#include "sallyport/http/ip_address.h"

namespace sallyport::identity {
namespace {

// A known browser has tries of its own, so that nobody who shares its address can use them up.
std::string PairKey(const Attempt& attempt) {
  std::string key = AddressKey(attempt.ip);
  key += attempt.known_device ? "\nknown\n" : "\n\n";
  return key += attempt.account;
}

ThrottleVerdict Refused(Duration retry_after, std::string_view reason) { return {false, retry_after, reason}; }

}  // namespace

Throttle::Throttle(ThrottleLimits limits, const Clock& clock, Random& random)
    : tries_per_address_(limits.tries_per_address, limits.max_keys, clock, random),
      tries_per_account_(limits.tries_per_account, limits.max_keys, clock, random),
      mails_per_address_(limits.mails_per_address, limits.max_keys, clock, random),
      mails_per_account_(limits.mails_per_account, limits.max_keys, clock, random),
      lockout_(limits.lockout, limits.max_keys, clock, random) {}

void Throttle::SetLimits(const ThrottleLimits& limits) {
  tries_per_address_.SetRate(limits.tries_per_address);
  tries_per_account_.SetRate(limits.tries_per_account);
  mails_per_address_.SetRate(limits.mails_per_address);
  mails_per_account_.SetRate(limits.mails_per_account);
  lockout_.SetRule(limits.lockout);
}

// The account's budget comes last: tries that the lock-out refuses must not use it up.
ThrottleVerdict Throttle::Admit(const Attempt& attempt) {
  if (const Duration wait = tries_per_address_.Admit(AddressKey(attempt.ip)); wait.count() > 0)
    return Refused(wait, "address");
  const std::string pair = PairKey(attempt);
  if (const Duration wait = lockout_.Admit(pair); wait.count() > 0) return Refused(wait, "lockout");
  if (attempt.known_device) return {};
  if (const Duration wait = tries_per_account_.Admit(attempt.account); wait.count() > 0) {
    lockout_.Withdraw(pair);
    return Refused(wait, "account");
  }
  return {};
}

void Throttle::Succeeded(const Attempt& attempt) {
  lockout_.Succeeded(PairKey(attempt));
  if (!attempt.known_device) tries_per_account_.Refund(attempt.account);
}

void Throttle::Failed(const Attempt&) {}

void Throttle::Withdraw(const Attempt& attempt) {
  lockout_.Withdraw(PairKey(attempt));
  if (!attempt.known_device) tries_per_account_.Refund(attempt.account);
}

ThrottleVerdict Throttle::AdmitFrom(std::string_view ip) {
  if (const Duration wait = tries_per_address_.Admit(AddressKey(ip)); wait.count() > 0) return Refused(wait, "address");
  return {};
}

ThrottleVerdict Throttle::AdmitMail(std::string_view account, std::string_view ip, bool known_device) {
  const std::string address = AddressKey(ip);
  if (const Duration wait = mails_per_address_.Admit(address); wait.count() > 0) return Refused(wait, "address");
  std::string key(account);
  if (known_device) key += "\nknown";
  if (const Duration wait = mails_per_account_.Admit(key); wait.count() > 0) return Refused(wait, "account");
  return {};
}

std::string AddressKey(std::string_view ip) {
  const auto address = http::IpAddress::Parse(ip);
  return address ? address->RateKey().ToString() : std::string(ip);
}

}  // namespace sallyport::identity
