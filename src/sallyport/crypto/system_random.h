// SPDX-License-Identifier: Apache-2.0
// The CSPRNG (OpenSSL's RAND_bytes). Aborts the process when it has no entropy: nobody could go on safely.
#pragma once

#include "sallyport/base/random.h"

namespace sallyport::crypto {

class SystemRandom final : public Random {
 public:
  void Fill(std::span<std::uint8_t> out) override;
};

}  // namespace sallyport::crypto
