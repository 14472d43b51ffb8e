// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/password_input.h"

#include <termios.h>
#include <unistd.h>

namespace sallyport::cli {
namespace {

class EchoOff {
 public:
  EchoOff() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    off_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~EchoOff() {
    if (off_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  bool off() const { return off_; }

 private:
  termios before_{};
  bool off_ = false;
};

std::optional<Secret> ReadLine(std::istream& in) {
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  if (line.ends_with('\r')) line.pop_back();
  return Secret(std::move(line));
}

std::optional<Secret> Ask(Streams& streams, const char* question) {
  const EchoOff quiet;
  if (!quiet.off()) return std::nullopt;
  streams.err << question << std::flush;
  auto answer = ReadLine(streams.in);
  streams.err << '\n';
  return answer;
}

}  // namespace

std::optional<Secret> ReadPassword(Streams& streams, bool from_stdin, std::string& why) {
  if (from_stdin) {
    auto password = ReadLine(streams.in);
    if (!password) why = "Standard input has no password.";
    return password;
  }
  if (!streams.in_is_terminal) {
    why = "There is no terminal to ask for the password on.";
    return std::nullopt;
  }
  auto first = Ask(streams, "Password: "), second = Ask(streams, "Once more: ");
  if (!first || !second) {
    why = "The password could not be read.";
    return std::nullopt;
  }
  if (first->Reveal() != second->Reveal()) {
    why = "The two passwords differ.";
    return std::nullopt;
  }
  return first;
}

}  // namespace sallyport::cli
