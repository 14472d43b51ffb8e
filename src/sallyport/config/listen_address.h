// SPDX-License-Identifier: Apache-2.0
// "127.0.0.1:8080", "[::1]:8080", "localhost:8080" (the IPv4 loopback), "unix:/run/sallyport.sock".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/net/options.h"

namespace sallyport::config {

// nullopt: no IP literal, no port in 0…65535, or a socket path that is not absolute or longer than kMaxSocketPath.
std::optional<net::ListenAddress> ParseListenAddress(std::string_view text);
bool IsLoopback(const net::ListenAddress& address);   // unix sockets too
std::string ToString(const net::ListenAddress& address);

inline constexpr std::size_t kMaxSocketPath = 107;    // sockaddr_un

}  // namespace sallyport::config
