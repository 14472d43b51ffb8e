// SPDX-License-Identifier: Apache-2.0
// Names that only a gateway may set (S22): from clients they are dropped on every route, in every spelling.
//
// Case does not count, and every character that is not a letter or a digit counts as '-' (CGI-like servers turn them all
// into '_'). Covered: X-Auth-*, X-Forwarded-*, X-Original-*, X-Middleware-* (but not X-Middleware-Prefetch, which Next's
// client sends), Remote-User and its kin, and the identity headers of other gateways. X-Auth-Return-Redirect is among
// them: the gateway reads it, upstreams do not get it.
#pragma once

#include <string_view>

#include "sallyport/http/header_field.h"

namespace sallyport::http {

bool IsIdentityHeader(std::string_view name);
// Marks every identity header of the table.
void MarkIdentityHeaders(const HeaderTable& fields, FieldMask& mask);

}  // namespace sallyport::http
