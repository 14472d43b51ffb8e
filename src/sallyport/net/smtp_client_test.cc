// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/smtp_client.h"

#include <gtest/gtest.h>

#include "sallyport/net/errc.h"
#include "support/fake_peer.h"

namespace sallyport::net {
namespace {


// A mail server that speaks just enough, and misbehaves where told.
struct Behaviour {
  std::string extensions = "250 HELP\r\n";
  std::string to_rcpt = "250 ok\r\n";
  std::string to_message = "250 queued\r\n";
  bool cut_after_data = false;
};

Coroutine<void> Serve(test::PeerConnection& connection, const Behaviour& behaviour, std::string& seen) {
  if (!co_await connection.Write("220 fake ESMTP\r\n")) co_return;
  for (;;) {
    const auto line = co_await connection.ReadUntil("\r\n");
    seen += line;
    if (line.empty()) co_return;
    std::string answer = "250 ok\r\n";
    if (line.starts_with("EHLO")) answer = "250-fake\r\n" + behaviour.extensions;
    if (line.starts_with("AUTH PLAIN")) answer = "334 \r\n";
    if (line == "AHUAcA==\r\n") answer = "235 welcome\r\n";  // NUL u NUL p
    if (line.starts_with("RCPT")) answer = behaviour.to_rcpt;
    if (line.starts_with("QUIT")) answer = "221 bye\r\n";
    if (line.starts_with("DATA")) {
      if (!co_await connection.Write("354 go on\r\n")) co_return;
      const auto message = co_await connection.ReadUntil("\r\n.\r\n");
      seen += message;
      if (behaviour.cut_after_data) co_return;
      answer = behaviour.to_message;
    }
    if (!co_await connection.Write(answer)) co_return;
  }
}

class SmtpClientTest : public ::testing::Test {
 protected:
  Result<void> Send(OutboundMail mail, SmtpOptions options = {}) {
    options.url = "smtp://" + host_ + ":" + std::to_string(peer_.port());
    client_ = MakeSmtpClient(options, loop_.executor());
    return test::RunTask(loop_, client_->Send(std::move(mail)));
  }
  static OutboundMail Mail() {
    return {"Example <no-reply@example.com>", "anna@example.org", "Subject: x\r\n\r\nfirst\r\n.second\r\n"};
  }

  async::Loop loop_;
  std::unique_ptr<SmtpClient> client_;
  Behaviour behaviour_;
  std::string seen_;
  std::string host_ = "127.0.0.1";
  test::FakePeer peer_{loop_, [this](test::PeerConnection& c) { return Serve(c, behaviour_, seen_); }};
};

TEST_F(SmtpClientTest, DeliversWithEnvelopeAndDotStuffing) {
  const auto sent = Send(Mail());
  ASSERT_TRUE(sent) << sent.error().ToLogString();
  EXPECT_NE(seen_.find("EHLO example.com\r\n"), std::string::npos) << seen_;
  EXPECT_NE(seen_.find("MAIL FROM:<no-reply@example.com>"), std::string::npos);
  EXPECT_NE(seen_.find("RCPT TO:<anna@example.org>\r\n"), std::string::npos);
  EXPECT_NE(seen_.find("first\r\n..second\r\n.\r\n"), std::string::npos);
}

TEST_F(SmtpClientTest, AuthenticatesWhenThereIsAUser) {
  behaviour_.extensions = "250-AUTH PLAIN\r\n250 HELP\r\n";
  SmtpOptions options;
  options.user = "u";
  options.password = Secret("p");
  ASSERT_TRUE(Send(Mail(), std::move(options)));
  EXPECT_NE(seen_.find("AHUAcA=="), std::string::npos) << seen_;
}

TEST_F(SmtpClientTest, UnknownRecipientIsPermanent) {
  behaviour_.to_rcpt = "550 no such user\r\n";
  const auto sent = Send(Mail());
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().Is(Errc::kOutboundFailed));
  EXPECT_TRUE(sent.error().detail.starts_with("permanent")) << sent.error().detail;
}

TEST_F(SmtpClientTest, RefusedMessageIsPermanent) {
  behaviour_.to_message = "554 spam\r\n";
  EXPECT_TRUE(Send(Mail()).error().detail.starts_with("permanent"));
}

TEST_F(SmtpClientTest, GreylistingIsTemporary) {
  behaviour_.to_rcpt = "450 later\r\n";
  const auto sent = Send(Mail());
  ASSERT_FALSE(sent);
  EXPECT_FALSE(sent.error().detail.starts_with("permanent")) << sent.error().detail;
}

TEST_F(SmtpClientTest, CutAfterTheMessageIsTemporary) {
  behaviour_.cut_after_data = true;
  const auto sent = Send(Mail());
  ASSERT_FALSE(sent);
  EXPECT_FALSE(sent.error().detail.starts_with("permanent")) << sent.error().detail;
}

TEST_F(SmtpClientTest, AddressesCannotCarryCommands) {
  for (const auto* to : {"a@b>\r\nRCPT TO:<x@y", "a b@c", "ab", "a@b@c", "", "@b", "a@"}) {
    auto mail = Mail();
    mail.to = to;
    EXPECT_TRUE(Send(std::move(mail)).error().detail.starts_with("permanent")) << to;
  }
  EXPECT_EQ(peer_.connections(), 0);
}

TEST_F(SmtpClientTest, OtherUrlsAreRefused) {
  for (const auto* url : {"http://127.0.0.1", "smtp://", "smtp://a:b@127.0.0.1", "file:///etc/passwd"}) {
    SmtpOptions options;
    options.url = url;
    client_ = MakeSmtpClient(options, loop_.executor());
    EXPECT_FALSE(test::RunTask(loop_, client_->Send(Mail()))) << url;
  }
}

// A name that leads to loopback is not a loopback host: only what the operator wrote counts. 127.1 is 127.0.0.1 to the
// resolver and no IP literal to us.
TEST_F(SmtpClientTest, StartTlsIsRequiredUnlessTheHostIsLoopback) {
  host_ = "127.1";
  const auto sent = Send(Mail());
  ASSERT_FALSE(sent);
  EXPECT_EQ(seen_.find("MAIL FROM"), std::string::npos) << seen_;
}

}  // namespace
}  // namespace sallyport::net
