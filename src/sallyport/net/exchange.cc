// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/exchange.h"

#include "sallyport/net/errc.h"

namespace sallyport::net {

Task<void> SendWhole(Exchange& exchange, std::uint16_t status, std::span<const http::HeaderField> fields,
                     std::string_view body) {
  const BodyFraming framing = body.empty() ? BodyFraming{} : BodyFraming{BodyFraming::kLength, body.size()};
  exchange.SetHead(status, fields, {}, framing);
  switch (exchange.TryFinish(body)) {
    case FinishAttempt::kDone: co_return Result<void>();
    case FinishAttempt::kMore: break;
    case FinishAttempt::kNotTaken:
      if (!body.empty()) SALLYPORT_CO_CHECK(co_await exchange.WriteBody(body));
      break;
  }
  co_return co_await exchange.Finish();
}

}  // namespace sallyport::net
