// SPDX-License-Identifier: Apache-2.0
// Settings of the store layer; config/ fills them in.
#pragma once

#include "sallyport/base/clock.h"

namespace sallyport::store {

// How long rows are kept that nobody needs to work on any more.
struct RetentionOptions {
  Duration audit = std::chrono::days(400);
  Duration mail = std::chrono::days(30);   // what was not delivered, and the mailbox of `dev`
};

}  // namespace sallyport::store
