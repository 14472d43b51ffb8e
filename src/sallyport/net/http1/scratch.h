// SPDX-License-Identifier: Apache-2.0
// What a connection needs only while a request is under way: an idle one holds none of it. A few are kept for each worker.
#pragma once

#include <memory>
#include <string>

#include "sallyport/http/request_head.h"
#include "sallyport/net/input_buffer.h"

namespace sallyport::net {

struct Scratch {
  static constexpr std::size_t kInput = 4096;

  InputBuffer in{kInput};
  http::RequestHead head;   // views into `in`
  std::string out;          // bytes of the answer that have not gone out: its head, or what a write left over
};

// From the worker's shelf, to which it goes back when it is destroyed; empty, its memory small.
struct ReturnScratch {
  void operator()(Scratch* scratch) const;
};
using LeasedScratch = std::unique_ptr<Scratch, ReturnScratch>;
LeasedScratch LeaseScratch();

}  // namespace sallyport::net
