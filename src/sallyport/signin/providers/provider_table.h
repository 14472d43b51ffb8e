// SPDX-License-Identifier: Apache-2.0
// The known providers: every id that Auth.js ships, so that an application can move without new credentials.
//
// Data only; what a few need beyond data is in entra_id.h and profile_functions.h. Constant, sorted by id.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sallyport/signin/providers/provider_row.h"

namespace sallyport::signin {

// All rows, sorted by id.
const std::vector<const ProviderRow*>& KnownProviders();
// nullptr when there is none of that id.
const ProviderRow* FindKnownProvider(std::string_view id);

// The parts of the table, one a file.
std::span<const ProviderRow> OidcRows();
std::span<const ProviderRow> OAuthRowsAToF();
std::span<const ProviderRow> OAuthRowsGToO();
std::span<const ProviderRow> OAuthRowsPToZ();

}  // namespace sallyport::signin
