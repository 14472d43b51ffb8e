// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/guess_limit.h"

namespace sallyport::gateway {
namespace {

constexpr std::size_t kMaxAddresses = 100'000;

// The bytes themselves: no text is made for each request.
std::string_view KeyOf(const http::IpAddress& rate_key) {
  return {reinterpret_cast<const char*>(rate_key.bytes().data()), rate_key.bytes().size()};
}

}  // namespace

GuessLimit::GuessLimit(int per_minute, const Clock& clock, Random& random)
    : by_address_({per_minute, std::chrono::minutes(1)}, kMaxAddresses, clock, random) {}

void GuessLimit::SetPerMinute(int per_minute) { by_address_.SetRate({per_minute, std::chrono::minutes(1)}); }

bool GuessLimit::Admit(const http::IpAddress& client) {
  const http::IpAddress key = client.RateKey();
  return by_address_.Admit(KeyOf(key)).count() == 0;
}

void GuessLimit::Withdraw(const http::IpAddress& client) {
  const http::IpAddress key = client.RateKey();
  by_address_.Refund(KeyOf(key));
}

}  // namespace sallyport::gateway
