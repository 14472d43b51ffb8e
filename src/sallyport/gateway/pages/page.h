// SPDX-License-Identifier: Apache-2.0
// Our own pages: server-rendered, complete without script, escaped by the template engine (mustache; a test refuses
// unescaped tags). Layout, colours and texts are in pages/templates.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/gateway/options.h"

namespace sallyport::gateway {

// "Something went wrong" for navigations: status, a sentence, the request id to quote, a way back to "/".
std::string RenderErrorPage(const PagesOptions& pages, std::uint16_t status, std::string_view title,
                            std::string_view request_id);

}  // namespace sallyport::gateway
