// SPDX-License-Identifier: Apache-2.0
// The identity that an upstream receives for a session (WIRE.md §3): a header block, made once per (session, route) on a
// worker and reused; access JWTs until 80 % of their life.
//
// One instance per worker; single-threaded. `services` outlives it.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/gateway/services.h"
#include "sallyport/session/session.h"

namespace sallyport::gateway {

inline constexpr Duration kAccessTokenLifetime = std::chrono::minutes(5);

class IdentityMaker {
 public:
  explicit IdentityMaker(const Services& services);

  // The cached or newly made block of the route for this session; never null. For Identity::kBackend the Authorization
  // line is not part of it (see BackendMethod).
  const session::IdentityBlock& BlockFor(session::Session& session, int route_index, Timestamp now);
  // What a request without session gets: empty X-Auth-* lines where the route sends headers, else nothing.
  std::string_view AnonymousBlock(int route_index) const { return anonymous_[static_cast<std::size_t>(route_index)]; }

 private:
  // Blocks are found by the route's index, which means another route after a reload.
  std::uint64_t Stamp() const;
  void Make(session::IdentityBlock& block, const session::Session& session, int route_index, Timestamp now);
  std::string MintFor(const session::SessionData& session, const UpstreamPolicy& audience, Timestamp now);

  const Services& services_;
  std::string issuer_;
  std::vector<std::string> anonymous_;
};

}  // namespace sallyport::gateway
