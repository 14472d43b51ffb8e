// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/style.css: the look of our own pages. The same for everybody, so it may be cached.
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/pages/page.h"

namespace sallyport::gateway {

Task<Answer> HandleStyleSheet(AuthRequest& request) {
  Answer answer = Answer::Text(200, RenderStyleSheet(request.services.config.gateway.pages));
  answer.content_type = "text/css; charset=utf-8";
  answer.WithHeader("Cache-Control", "public, max-age=300");
  co_return answer;
}

}  // namespace sallyport::gateway
