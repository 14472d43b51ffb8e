// SPDX-License-Identifier: Apache-2.0
// Outbound https and mail against a real TLS server: whom we speak to, and what a server that cannot prove itself gets to see.
#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "sallyport/net/errc.h"
#include "sallyport/net/http_client.h"
#include "sallyport/net/smtp_client.h"
#include "support/fake_peer.h"
#include "support/temp_dir.h"
#include "support/tls_peer.h"

namespace sallyport::net {
namespace {

using std::chrono::hours;

class OutboundTls : public testing::Test {
 protected:
  OutboundTls() { std::ofstream(ca_file_) << authority_.pem(); }

  test::TlsPeer& Serve(const test::CertifiedKey& identity, test::TlsPeer::Script script) {
    return peer_.emplace(identity, std::move(script));
  }

  const test::TestAuthority authority_;
  test::TempDir dir_;
  const std::string ca_file_ = dir_.File("ca.pem");
  async::Loop loop_;
  std::string seen_;   // of the peer's thread until it is stopped
  std::optional<test::TlsPeer> peer_;
};

class OutboundHttps : public OutboundTls {
 protected:
  void ServeHttps(const test::CertifiedKey& identity) {
    Serve(identity, [this](test::TlsConnection& connection) {
      if (!connection.StartTls()) return;
      seen_ += connection.ReadUntil("\r\n\r\n");
      connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    });
  }
  Result<OutboundResponse> Get(const OutboundOptions& options) {
    OutboundRequest request;
    request.url = "https://localhost:" + std::to_string(peer_->port()) + "/x";
    request.headers = {{"Authorization", "Bearer secret"}};
    request.allow_private = true;
    const auto client = MakeHttpClient(options);
    auto response = test::RunTask(loop_, client->Send(std::move(request)));
    peer_->Stop();
    return response;
  }
  void ExpectRefused(const OutboundOptions& options) {
    const auto response = Get(options);
    ASSERT_FALSE(response);
    EXPECT_TRUE(response.error().Is(Errc::kOutboundFailed)) << response.error().ToLogString();
    EXPECT_EQ(seen_, "") << "not a byte of the request";
  }
};

TEST_F(OutboundHttps, PeerOfATrustedAuthorityIsSpokenTo) {
  ServeHttps(authority_.Issue("DNS:localhost"));
  const auto response = Get({ca_file_});
  ASSERT_TRUE(response) << response.error().ToLogString();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  EXPECT_TRUE(seen_.starts_with("GET /x HTTP/1.1\r\n")) << seen_;
}

TEST_F(OutboundHttps, PeerOfAnUnknownAuthorityIsRefused) {
  ServeHttps(authority_.Issue("DNS:localhost"));
  ExpectRefused({});
}

TEST_F(OutboundHttps, PeerOfAnotherAuthorityOfThatNameIsRefused) {
  ServeHttps(test::TestAuthority().Issue("DNS:localhost"));
  ExpectRefused({ca_file_});
}

TEST_F(OutboundHttps, PeerOfAnotherNameIsRefused) {
  ServeHttps(authority_.Issue("DNS:localhost.example.com"));
  ExpectRefused({ca_file_});
}

TEST_F(OutboundHttps, ExpiredPeerIsRefused) {
  ServeHttps(authority_.Issue("DNS:localhost", -hours(1)));
  ExpectRefused({ca_file_});
}

TEST_F(OutboundHttps, PeerThatIsNotYetValidIsRefused) {
  ServeHttps(authority_.Issue("DNS:localhost", hours(48)));
  ExpectRefused({ca_file_});
}

TEST_F(OutboundHttps, MissingFileOfAuthoritiesIsAFailureNotALackOfChecks) {
  ServeHttps(authority_.Issue("DNS:localhost"));
  ExpectRefused({dir_.File("missing.pem")});
}

enum class Mode { kImplicit, kStartTls };

// What is said before the encryption goes to plain_, the rest to seen_.
class OutboundMailTls : public OutboundTls, public testing::WithParamInterface<Mode> {
 protected:
  void ServeMail(const test::CertifiedKey& identity) {
    Serve(identity, [this](test::TlsConnection& connection) { Speak(connection); });
  }

  void Speak(test::TlsConnection& connection) {
    if (GetParam() == Mode::kImplicit && !connection.StartTls()) return;
    bool open = connection.Write("220 test ESMTP\r\n");
    while (open) {
      const std::string line = connection.ReadUntil("\r\n");
      (connection.encrypted() ? seen_ : plain_) += line;
      if (line.empty()) return;
      if (line.starts_with("STARTTLS")) {
        open = connection.Write("220 go\r\n") && connection.StartTls();
      } else {
        open = connection.Write(AnswerTo(line, connection.encrypted()));
      }
      if (open && line.starts_with("DATA")) {
        seen_ += connection.ReadUntil("\r\n.\r\n");
        open = connection.Write("250 kept\r\n");
      }
    }
  }
  static std::string AnswerTo(const std::string& line, bool encrypted) {
    if (line.starts_with("EHLO")) return encrypted ? "250-test\r\n250 AUTH PLAIN\r\n" : "250-test\r\n250 STARTTLS\r\n";
    if (line.starts_with("AUTH")) return "334 \r\n";
    if (line == "AHUAcA==\r\n") return "235 welcome\r\n";  // NUL u NUL p
    if (line.starts_with("AHUA")) return "535 no\r\n";
    if (line.starts_with("DATA")) return "354 go on\r\n";
    if (line.starts_with("QUIT")) return "221 bye\r\n";
    return "250 ok\r\n";
  }

  // Not plain localhost, for which smtp:// needs no TLS.
  Result<void> Send(const std::string& ca_file, const char* password = "p") {
    SmtpOptions options;
    options.url = (GetParam() == Mode::kImplicit ? "smtps" : "smtp") + std::string("://mail.localhost:") + std::to_string(peer_->port());
    options.user = "u";
    options.password = Secret(password);
    options.ca_file = ca_file;
    const auto client = MakeSmtpClient(options, loop_.executor());
    OutboundMail mail{"Example <no-reply@example.com>", "anna@example.org", "Subject: x\r\n\r\nthe body\r\n"};
    auto sent = test::RunTask(loop_, client->Send(std::move(mail)));
    peer_->Stop();
    return sent;
  }
  void ExpectRefused(const std::string& ca_file) {
    const auto sent = Send(ca_file);
    ASSERT_FALSE(sent);
    EXPECT_FALSE(sent.error().detail.starts_with("permanent")) << sent.error().detail << ": an operator can mend it";
    EXPECT_EQ(seen_, "");
    ExpectNothingSecretInPlain();
  }
  void ExpectNothingSecretInPlain() {
    for (const auto* word : {"AUTH", "AHUA", "MAIL", "RCPT", "the body"}) EXPECT_EQ(plain_.find(word), std::string::npos) << plain_;
  }

  std::string plain_;
};
INSTANTIATE_TEST_SUITE_P(Modes, OutboundMailTls, testing::Values(Mode::kImplicit, Mode::kStartTls),
                         [](const auto& info) { return info.param == Mode::kImplicit ? "Implicit" : "StartTls"; });

TEST_P(OutboundMailTls, TrustedServerGetsCredentialsAndMail) {
  ServeMail(authority_.Issue("DNS:mail.localhost"));
  const auto sent = Send(ca_file_);
  ASSERT_TRUE(sent) << sent.error().ToLogString();
  for (const auto* word : {"AHUAcA==", "MAIL FROM:<no-reply@example.com>", "RCPT TO:<anna@example.org>", "the body"}) {
    EXPECT_NE(seen_.find(word), std::string::npos) << word << " in " << seen_;
  }
  ExpectNothingSecretInPlain();
}

TEST_P(OutboundMailTls, WrongPasswordIsTemporary) {
  ServeMail(authority_.Issue("DNS:mail.localhost"));
  const auto sent = Send(ca_file_, "wrong");
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().Is(Errc::kOutboundFailed));
  EXPECT_FALSE(sent.error().detail.starts_with("permanent")) << sent.error().detail;
  EXPECT_EQ(sent.error().ToLogString().find("wrong"), std::string::npos) << "S62";
  EXPECT_EQ(seen_.find("MAIL FROM"), std::string::npos);
}

TEST_P(OutboundMailTls, ServerOfAnUnknownAuthorityIsRefused) {
  ServeMail(authority_.Issue("DNS:mail.localhost"));
  ExpectRefused("");
}

TEST_P(OutboundMailTls, ServerOfAnotherNameIsRefused) {
  ServeMail(authority_.Issue("DNS:other.localhost"));
  ExpectRefused(ca_file_);
}

TEST_P(OutboundMailTls, ExpiredServerIsRefused) {
  ServeMail(authority_.Issue("DNS:mail.localhost", -hours(1)));
  ExpectRefused(ca_file_);
}

}  // namespace
}  // namespace sallyport::net
