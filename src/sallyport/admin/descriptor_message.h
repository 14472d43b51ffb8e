// SPDX-License-Identifier: Apache-2.0
// One byte and some descriptors over a SOCK_SEQPACKET unix socket (unix(7), SCM_RIGHTS).
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <vector>

namespace sallyport::admin {

inline constexpr std::size_t kMaxDescriptors = 200;   // the kernel takes 253 in one message

struct DescriptorMessage {
  char tag = 0;
  std::vector<int> descriptors;   // close-on-exec; the receiver's to close
};

bool SendDescriptors(int fd, char tag, std::span<const int> descriptors);
// nullopt: the other end has gone, the deadline has passed, or what came is not such a message.
std::optional<DescriptorMessage> ReceiveDescriptors(int fd, std::chrono::steady_clock::time_point deadline);

}  // namespace sallyport::admin
