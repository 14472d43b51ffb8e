// SPDX-License-Identifier: Apache-2.0
// Recognises our own access JWTs in what a client sends (S23, WIRE.md §3): they are made for upstreams, so whoever shows one at
// the front door has got hold of it where they should not have.
#pragma once

#include "sallyport/gateway/access_keys.h"
#include "sallyport/http/header_field.h"

namespace sallyport::gateway {

// True when an Authorization header holds a token that we have signed, whatever its scheme and whether it has expired; and when
// there are several such headers, or more tokens in one than anybody sends, for each reader may take another one.
bool ShowsOurToken(const http::HeaderTable& fields, const AccessKeys& keys);

}  // namespace sallyport::gateway
