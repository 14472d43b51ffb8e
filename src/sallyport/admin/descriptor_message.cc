// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/descriptor_message.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace sallyport::admin {
namespace {

using Control = std::array<char, CMSG_SPACE(kMaxDescriptors * sizeof(int))>;

bool WaitForInput(int fd, std::chrono::steady_clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    pollfd entry{fd, POLLIN, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

}  // namespace

bool SendDescriptors(int fd, char tag, std::span<const int> descriptors) {
  if (descriptors.size() > kMaxDescriptors) return false;
  iovec byte{&tag, 1};
  msghdr message{};
  message.msg_iov = &byte;
  message.msg_iovlen = 1;
  alignas(cmsghdr) Control control{};
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  ssize_t sent;
  do {
    sent = ::sendmsg(fd, &message, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

std::optional<DescriptorMessage> ReceiveDescriptors(int fd, std::chrono::steady_clock::time_point deadline) {
  if (!WaitForInput(fd, deadline)) return std::nullopt;
  DescriptorMessage received;
  iovec byte{&received.tag, 1};
  msghdr message{};
  message.msg_iov = &byte;
  message.msg_iovlen = 1;
  alignas(cmsghdr) Control control{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(fd, &message, MSG_CMSG_CLOEXEC) != 1) return std::nullopt;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    const std::size_t before = received.descriptors.size();
    received.descriptors.resize(before + count);
    std::memcpy(received.descriptors.data() + before, CMSG_DATA(header), count * sizeof(int));
  }
  if ((message.msg_flags & (MSG_CTRUNC | MSG_TRUNC)) == 0) return received;
  for (const int one : received.descriptors) ::close(one);
  return std::nullopt;
}

}  // namespace sallyport::admin
