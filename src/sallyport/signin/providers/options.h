// SPDX-License-Identifier: Apache-2.0
// One [signin.provider.NAME] of the configuration, or one provider whose credentials stand in the environment; config/
// fills it in by the known providers (provider_table.h) and ResolveProvider, for which this is its door.
#pragma once

#include "sallyport/signin/providers/provider_spec.h"
#include "sallyport/signin/providers/provider_table.h"
#include "sallyport/signin/providers/resolve_provider.h"

namespace sallyport::signin {

struct ProviderOptions {
  ProviderSpec spec;
  ProviderCredentials credentials;
  // A weakening, spelled out: addresses of this provider count as confirmed (S33) though it does not say so.
  bool trust_email = false;
  bool allow_registration = true;              // unknown people become users
  bool allow_private_network = false;          // S37: the provider may be on a loopback or private address
  bool sign_out_there = false;                 // signing out here leads through the provider's own sign-out

  ProviderOptions Clone() const {
    return {spec, credentials.Clone(), trust_email, allow_registration, allow_private_network, sign_out_there};
  }
  bool operator==(const ProviderOptions& other) const;
};

}  // namespace sallyport::signin
