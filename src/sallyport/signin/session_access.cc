// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/session_access.h"

#include "sallyport/session/session_service.h"

namespace sallyport::signin {
namespace {

class ServiceAccess final : public SessionAccess {
 public:
  explicit ServiceAccess(session::SessionService& service) : service_(service) {}

  Task<std::pair<json::object, std::int64_t>> LoadTokens(model::SessionId id) override {
    return service_.LoadTokens(std::move(id));
  }
  Task<void> ReplaceTokens(model::SessionId id, std::int64_t expected_version, json::object tokens) override {
    return service_.ReplaceTokens(std::move(id), expected_version, std::move(tokens));
  }
  Task<bool> End(model::SessionId id, model::EndReason reason) override {
    SALLYPORT_CO_TRY(const auto ended, co_await service_.End(std::move(id), std::nullopt, reason));
    co_return ended.count > 0;
  }
  Task<void> Announce(std::vector<store::Revocation> ended) override { return service_.Announce(std::move(ended)); }

 private:
  session::SessionService& service_;
};

}  // namespace

std::unique_ptr<SessionAccess> MakeSessionAccess(session::SessionService& service) {
  return std::make_unique<ServiceAccess>(service);
}

}  // namespace sallyport::signin
