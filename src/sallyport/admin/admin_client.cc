// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/admin_client.h"

#include "sallyport/admin/admin_socket.h"
#include "sallyport/admin/unix_socket.h"

namespace sallyport::admin {

Result<json::object> CallServer(const std::string& socket_path, const std::string& operation, const json::object& arguments) {
  constexpr std::size_t kMaxAnswerBytes = 64 << 20;
  SALLYPORT_TRY(auto socket, ConnectUnix(socket_path));
  const auto deadline = std::chrono::steady_clock::now() + kClientTimeout + kOperationTimeout;
  const auto line = json::serialize(json::object{{"operation", operation}, {"arguments", arguments}}) + "\n";
  if (!WriteAll(socket.get(), line, deadline)) {
    return Fail(std::make_error_code(std::errc::io_error), "the server does not take the request on " + socket_path);
  }
  const auto answer = ReadLine(socket.get(), kMaxAnswerBytes, deadline);
  if (!answer) return Fail(std::make_error_code(std::errc::io_error), "the server did not answer on " + socket_path);
  return ParseJsonObject(*answer, {.max_bytes = kMaxAnswerBytes});
}

}  // namespace sallyport::admin
