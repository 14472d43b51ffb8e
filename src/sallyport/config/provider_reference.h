// SPDX-License-Identifier: Apache-2.0
// Text made from the table of known providers.
#pragma once

#include <string>

#include "sallyport/signin/providers/options.h"

namespace sallyport::config {

// What has to stand in the file for this provider, as TOML.
std::string ProviderExample(const signin::ProviderRow& row);

// "OpenID Connect" or "OAuth 2.0".
std::string_view KindName(signin::ProviderKind kind);

// When addresses of the provider count as confirmed, in words.
std::string ConfirmedAddresses(const signin::ProviderRow& row);

// docs/providers.md, whole. A test compares the file with this.
std::string ProvidersMarkdown();

}  // namespace sallyport::config
