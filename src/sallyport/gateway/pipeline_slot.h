// SPDX-License-Identifier: Apache-2.0
// Where a worker's connections find the pipeline that is in use: a reload puts another one in, and an exchange stays with the
// one that it began with. Single-threaded (its worker's).
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "sallyport/gateway/pipeline.h"

namespace sallyport::gateway {

class PipelineSlot final : public net::ExchangeHandler {
 public:
  // The former one goes with its last exchange.
  void Put(std::shared_ptr<Pipeline> pipeline) { current_ = std::move(pipeline); }
  // Null until the first Put.
  Pipeline* current() const { return current_.get(); }

  Coroutine<void> Handle(net::Exchange& exchange) override { return current_->Handle(exchange); }
  std::string AnswerToUnreadable(const Error& error) override { return current_->AnswerToUnreadable(error); }

 private:
  std::shared_ptr<Pipeline> current_;
};

}  // namespace sallyport::gateway
