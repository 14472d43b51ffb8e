// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/identity/mail_intent.h"
#include "sallyport/net/errc.h"
#include "sallyport/signin/mail_message.h"
#include "support/fake_clock.h"
#include "support/fake_peer.h"
#include "support/fake_random.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;

class FakeSmtp final : public net::SmtpClient {
 public:
  Task<void> Send(net::OutboundMail mail) override {
    mails.push_back(std::move(mail));
    if (failure.empty()) co_return Result<void>{};
    co_return Fail(net::Errc::kOutboundFailed, failure);
  }
  std::vector<net::OutboundMail> mails;
  std::string failure;
};

identity::MailIntent Intent(std::string to = "anna@example.org") {
  return {to, std::string(identity::kMailRegister), {{"email", to}, {"name", ""}, {"token", "T0KEN"}, {"purpose", "register"}, {"minutes", "60"}}};
}

class MailSenderTest : public ::testing::Test {
 protected:
  MailSender& Make(bool keep) {
    options_.enabled = true;
    options_.keep_in_mailbox = keep;
    options_.from = "Acme <no-reply@acme.example>";
    sender_.emplace(options_, MailBranding{"Acme", "#102030"}, Origin{"http", "localhost", 8080}, *store_, keys_, clock_,
                    random_, keep ? nullptr : &smtp_, loop_.executor());
    return *sender_;
  }
  template <class T>
  T Run(Coroutine<T> task) {
    return test::RunTask(loop_, std::move(task));
  }
  std::vector<store::QueuedMail> Queue() { return Run(store_->mail_queue().ListNewest(10)).value(); }

  static crypto::DerivedKeys Keys() {
    const Secret secrets[] = {Secret(std::string(32, 's'))};
    return crypto::DerivedKeys::Derive(secrets).value();
  }

  async::Loop loop_;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  crypto::DerivedKeys keys_ = Keys();
  test::FakeClock clock_;
  test::FakeRandom random_;
  FakeSmtp smtp_;
  EmailOptions options_;
  std::optional<MailSender> sender_;
};

TEST_F(MailSenderTest, QueuesAndDelivers) {
  auto& sender = Make(false);
  ASSERT_TRUE(Run(sender.Send(Intent())));
  EXPECT_TRUE(smtp_.mails.empty());
  EXPECT_EQ(Run(sender.DeliverDue()).value(), 1u);
  ASSERT_EQ(smtp_.mails.size(), 1u);
  EXPECT_EQ(smtp_.mails[0].to, "anna@example.org");
  EXPECT_EQ(smtp_.mails[0].from, "Acme <no-reply@acme.example>");
  const auto bodies = ReadBodies(smtp_.mails[0].message);
  ASSERT_TRUE(bodies);
  EXPECT_NE(bodies->text.find("http://localhost:8080/api/auth/email/verify?token=T0KEN"), std::string::npos);
  EXPECT_TRUE(Queue().empty()) << "a delivered mail, and the link in it, is not kept";
  EXPECT_EQ(Run(sender.DeliverDue()).value(), 0u);
}

TEST_F(MailSenderTest, S62_LinksAreSealedAtRest) {
  ASSERT_TRUE(Run(Make(false).Send(Intent())));
  const auto queue = Queue();
  ASSERT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue[0].sealed_message.find("T0KEN"), std::string::npos);
  EXPECT_EQ(queue[0].sealed_message.find("Subject"), std::string::npos);
  EXPECT_EQ(queue[0].subject.find("T0KEN"), std::string::npos);
}

TEST_F(MailSenderTest, FailedDeliveryIsTriedAgainLaterAndLater) {
  auto& sender = Make(false);
  smtp_.failure = "greylisted";
  ASSERT_TRUE(Run(sender.Send(Intent())));
  ASSERT_TRUE(Run(sender.DeliverDue()));
  for (const auto seconds : {10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600}) {
    const auto before = smtp_.mails.size();
    clock_.Advance(std::chrono::seconds(seconds) - Duration(1));
    ASSERT_TRUE(Run(sender.DeliverDue()));
    EXPECT_EQ(smtp_.mails.size(), before) << seconds;
    clock_.Advance(Duration(1));
    ASSERT_TRUE(Run(sender.DeliverDue()));
    EXPECT_EQ(smtp_.mails.size(), before + 1) << seconds;
  }
  smtp_.failure.clear();
  clock_.Advance(std::chrono::hours(1));
  EXPECT_EQ(Run(sender.DeliverDue()).value(), 1u);
}

TEST_F(MailSenderTest, SpeaksTheLanguageOfTheBrowserThatAsked) {
  auto& sender = Make(true);
  auto intent = Intent();
  intent.accept_language = "de-CH, en;q=0.5";
  ASSERT_TRUE(Run(sender.Send(intent)));
  intent.accept_language = "fr";
  ASSERT_TRUE(Run(sender.Send(intent)));
  const auto mails = Run(sender.Mailbox(2)).value();
  EXPECT_EQ(mails.at(1).subject, "Bestätigen Sie Ihre E-Mail-Adresse");
  EXPECT_EQ(mails.at(0).subject, "Confirm your e-mail address");
}

TEST_F(MailSenderTest, S63_GivesUpAfterADayAndSaysSo) {
  auto& sender = Make(false);
  smtp_.failure = "down";
  ASSERT_TRUE(Run(sender.Send(Intent())));
  for (int hour = 0; hour < 30; ++hour) {
    ASSERT_TRUE(Run(sender.DeliverDue()));
    clock_.Advance(std::chrono::hours(1));
  }
  EXPECT_EQ(Queue().at(0).state, "failed");
  EXPECT_EQ(smtp_.mails.size(), 25u);
  const auto events = Run(store_->audit().List({})).value();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].event, "mail.failed");
  EXPECT_EQ(events[0].reason, "too_old");
  EXPECT_EQ(events[0].actor, "system");
}

TEST_F(MailSenderTest, PermanentRefusalIsNotTriedAgain) {
  auto& sender = Make(false);
  smtp_.failure = "permanent: no such user";
  ASSERT_TRUE(Run(sender.Send(Intent())));
  ASSERT_TRUE(Run(sender.DeliverDue()));
  clock_.Advance(std::chrono::hours(2));
  ASSERT_TRUE(Run(sender.DeliverDue()));
  EXPECT_EQ(smtp_.mails.size(), 1u);
  EXPECT_EQ(Queue().at(0).state, "failed");
}

TEST_F(MailSenderTest, MailOfAForeignKeyIsGivenUpAndDoesNotBlockTheRest) {
  store::QueuedMail broken;
  broken.to = "x@example.org";
  broken.sealed_message = "nonsense";
  broken.created_at = broken.next_try = clock_.Now();
  ASSERT_TRUE(Run(store_->mail_queue().Enqueue(broken)));
  auto& sender = Make(false);
  ASSERT_TRUE(Run(sender.Send(Intent())));
  EXPECT_EQ(Run(sender.DeliverDue()).value(), 1u);
}

TEST_F(MailSenderTest, DevelopmentKeepsItInTheMailbox) {
  auto& sender = Make(true);
  ASSERT_TRUE(Run(sender.Send(Intent("first@example.org"))));
  ASSERT_TRUE(Run(sender.Send(Intent("second@example.org"))));
  EXPECT_EQ(Run(sender.DeliverDue()).value(), 0u);
  const auto mailbox = Run(sender.Mailbox(10)).value();
  ASSERT_EQ(mailbox.size(), 2u);
  EXPECT_EQ(mailbox[0].to, "second@example.org");
  EXPECT_THAT(mailbox[0].links, ElementsAre("http://localhost:8080/api/auth/email/verify?token=T0KEN"));
  EXPECT_EQ(mailbox[0].state, "sent");
  EXPECT_NE(mailbox[0].html.find("<!doctype html>"), std::string::npos);
}

TEST_F(MailSenderTest, MailboxIsEmptyOutsideDevelopment) {
  auto& sender = Make(false);
  ASSERT_TRUE(Run(sender.Send(Intent())));
  EXPECT_TRUE(Run(sender.Mailbox(10)).value().empty());
}

TEST_F(MailSenderTest, IntentWithoutItsFieldsIsAnError) {
  auto intent = Intent();
  intent.fields.erase("token");
  EXPECT_TRUE(Run(Make(false).Send(intent)).error().Is(Errc::kTemplate));
  EXPECT_TRUE(Queue().empty());
}

TEST_F(MailSenderTest, StartedSenderDeliversWithoutBeingAsked) {
  auto& sender = Make(false);
  sender.Start();
  ASSERT_TRUE(Run(sender.Send(Intent())));
  while (smtp_.mails.empty()) loop_.RunTurn();
  sender.Stop();
  EXPECT_EQ(smtp_.mails.size(), 1u);
}

}  // namespace
}  // namespace sallyport::signin
