// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_sender.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "sallyport/async/spawn.h"
#include "sallyport/async/loop.h"
#include "sallyport/base/log.h"
#include "sallyport/crypto/sealed_box.h"
#include "sallyport/identity/mail_intent.h"
#include "sallyport/signin/audit.h"
#include "sallyport/signin/mail_message.h"

namespace sallyport::signin {
namespace {

constexpr Duration kPoll = std::chrono::seconds(5);
constexpr Duration kFirstDelay = std::chrono::seconds(10);   // somebody waits for most mails
constexpr Duration kMaxDelay = std::chrono::hours(1);
constexpr Duration kGiveUpAfter = std::chrono::hours(24);
// Longer than a try can take (SMTP gives up after a minute), so that nobody else sends the same mail; and no longer, for a
// mail that was being sent when the process was killed waits for its end. Hence one mail at a time.
constexpr Duration kLease = std::chrono::seconds(90);
constexpr std::size_t kBatch = 1;

std::string DataOf(const std::string& to) { return "mail_queue.message:" + to; }

// `tries` counts the one that has just failed.
Duration DelayAfter(int tries) { return std::min(kMaxDelay, kFirstDelay * (1 << std::clamp(tries - 1, 0, 9))); }

std::vector<std::string> LinksIn(std::string_view text, const std::string& prefix) {
  std::vector<std::string> links;
  for (auto at = text.find(prefix); at != text.npos; at = text.find(prefix, at + 1)) {
    std::string link(text.substr(at, text.find_first_of(" \t\r\n", at) - at));
    if (std::ranges::find(links, link) == links.end()) links.push_back(std::move(link));
  }
  return links;
}

// What mails are written with; a reload may bring other ones.
struct Words {
  std::shared_ptr<const MailCatalog> texts;   // null: the built-in ones
  std::string language;
  MailBranding branding;
};

}  // namespace

struct MailSender::State {
  State(const EmailOptions& o, MailBranding b, Origin u, store::Store& s, crypto::SealedBox sealed, const Clock& c, Random& r,
        net::SmtpClient* client, Executor e)
      : options(o),
        words{o.texts, o.language, std::move(b)},
        public_url(std::move(u)),
        store(s),
        box(std::move(sealed)),
        clock(c),
        random(r),
        smtp(client),
        executor(std::move(e)) {}

  Words CurrentWords() {
    const std::lock_guard lock(words_mutex);
    return words;
  }
  Result<RenderedMail> Render(const identity::MailIntent& intent) {
    const Words now = CurrentWords();
    const MailCatalog& texts = now.texts ? *now.texts : MailCatalog::BuiltIn();
    const std::string_view language = texts.Choose(intent.accept_language, now.language);
    return RenderMail(texts, language, intent.template_name, intent.fields, now.branding, public_url);
  }
  Task<std::int64_t> Enqueue(const std::string& to, const RenderedMail& mail);
  Task<bool> Deliver(store::QueuedMail mail);
  Task<void> GiveUp(store::QueuedMail mail, const char* reason);
  static Task<std::size_t> Pass(std::shared_ptr<State> self);
  static Coroutine<void> PassAndLog(std::shared_ptr<State> self);
  static Coroutine<void> Loop(std::shared_ptr<State> self);

  const EmailOptions& options;
  std::mutex words_mutex;
  Words words;            // under the mutex
  const Origin public_url;
  store::Store& store;
  const crypto::SealedBox box;
  const Clock& clock;
  Random& random;
  net::SmtpClient* const smtp;
  const Executor executor;
  std::atomic<bool> started = false;
  bool passing = false;   // executor's thread only
};

Task<std::int64_t> MailSender::State::Enqueue(const std::string& to, const RenderedMail& mail) {
  MailMessage message{options.from, to, mail.subject, mail.text, mail.html, clock.Now(), random.Hex(16)};
  SALLYPORT_CO_TRY(const std::string text, BuildMessage(message));
  store::QueuedMail queued;
  queued.to = to;
  queued.subject = mail.subject;
  queued.sealed_message = box.Seal(text, DataOf(to));
  queued.created_at = message.date;
  queued.next_try = message.date;
  co_return co_await store.mail_queue().Enqueue(std::move(queued));
}

Task<void> MailSender::State::GiveUp(store::QueuedMail mail, const char* reason) {
  log::Error("a mail could not be delivered and was given up", {{"mail", mail.id}, {"reason", reason}});
  Audit(store.audit(), clock, {}, {"mail.failed", "failure", reason, {}, mail.to, "system"});
  co_return co_await store.mail_queue().MarkFailed(mail.id, std::nullopt);
}

Task<bool> MailSender::State::Deliver(store::QueuedMail mail) {
  auto text = box.Open(mail.sealed_message, DataOf(mail.to));
  if (!text) {
    SALLYPORT_CO_CHECK(co_await GiveUp(std::move(mail), "unreadable"));
    co_return false;
  }
  net::OutboundMail outbound{options.from, mail.to, *std::move(text)};  // g++ 12 destroys an aggregate made inside co_await twice
  const auto sent = co_await smtp->Send(std::move(outbound));
  if (sent) {
    SALLYPORT_CO_CHECK(co_await store.mail_queue().MarkSent(mail.id, false));
    co_return true;
  }
  log::Warn("a mail was not accepted", {{"mail", mail.id}, {"tries", mail.tries}, {"error", sent.error().ToLogString()}});
  const auto now = clock.Now();
  const bool permanent = sent.error().detail.starts_with("permanent");
  if (permanent || now - mail.created_at >= kGiveUpAfter) {
    const char* const reason = permanent ? "refused" : "too_old";
    SALLYPORT_CO_CHECK(co_await GiveUp(std::move(mail), reason));
  } else {
    SALLYPORT_CO_CHECK(co_await store.mail_queue().MarkFailed(mail.id, now + DelayAfter(mail.tries)));
  }
  co_return false;
}

Task<std::size_t> MailSender::State::Pass(std::shared_ptr<State> self) {
  std::size_t delivered = 0;
  for (;;) {
    const auto now = self->clock.Now();
    SALLYPORT_CO_TRY(const auto due, co_await self->store.mail_queue().ClaimDue(now, now + kLease, kBatch));
    if (due.empty()) co_return delivered;
    for (const auto& mail : due) {
      SALLYPORT_CO_TRY(const bool done, co_await self->Deliver(mail));
      delivered += done ? 1 : 0;
    }
  }
}

Coroutine<void> MailSender::State::PassAndLog(std::shared_ptr<State> self) {
  if (!self->started || std::exchange(self->passing, true)) co_return;
  const auto pass = co_await Pass(self);
  self->passing = false;
  if (!pass && self->started) log::Warn("the mail queue could not be worked on", {{"error", pass.error().ToLogString()}});
}

Coroutine<void> MailSender::State::Loop(std::shared_ptr<State> self) {
  while (self->started) {
    co_await PassAndLog(self);
    co_await async::Sleep(kPoll);
  }
}

MailSender::MailSender(const EmailOptions& options, MailBranding branding, Origin public_url, store::Store& store,
                       const crypto::DerivedKeys& keys, const Clock& clock, Random& random, net::SmtpClient* smtp,
                       const Executor& executor)
    : state_(std::make_shared<State>(options, std::move(branding), std::move(public_url), store,
                                     crypto::SealedBox::Create(keys.All(crypto::KeyPurpose::kStore), random).value(), clock,
                                     random, smtp, executor)) {}

MailSender::~MailSender() { Stop(); }

bool MailSender::enabled() const { return state_->options.enabled; }

void MailSender::SetWords(const EmailOptions& options, MailBranding branding) {
  const std::lock_guard lock(state_->words_mutex);
  state_->words = {options.texts, options.language, std::move(branding)};
}

Task<void> MailSender::Send(identity::MailIntent intent) {
  auto state = state_;
  if (!state->options.enabled) co_return Result<void>{};
  SALLYPORT_CO_TRY(const RenderedMail mail, state->Render(intent));
  SALLYPORT_CO_TRY(const auto id, co_await state->Enqueue(intent.to, mail));
  if (state->options.keep_in_mailbox) {
    // Development: the one place where a link may stand in a log.
    log::Info("mail", {{"to", intent.to}, {"subject", mail.subject}, {"link", mail.link}});
    co_return co_await state->store.mail_queue().MarkSent(id, true);
  }
  if (state->started && state->smtp) async::Spawn(state->executor, State::PassAndLog(state), "mail delivery");
  co_return Result<void>{};
}

Task<std::vector<MailboxEntry>> MailSender::Mailbox(std::size_t limit) {
  auto state = state_;
  std::vector<MailboxEntry> entries;
  if (!state->options.keep_in_mailbox) co_return entries;
  SALLYPORT_CO_TRY(auto mails, co_await state->store.mail_queue().ListNewest(limit));
  for (auto& mail : mails) {
    const auto message = state->box.Open(mail.sealed_message, DataOf(mail.to));
    if (!message) continue;  // of a former secret
    auto bodies = ReadBodies(*message);
    if (!bodies) continue;
    auto links = LinksIn(bodies->text, state->public_url.ToString() + "/");
    entries.push_back({mail.id, std::move(mail.to), std::move(mail.subject), std::move(bodies->text), std::move(bodies->html),
                       std::move(links), mail.created_at, std::move(mail.state)});
  }
  co_return entries;
}

void MailSender::Start() {
  if (!state_->options.enabled || !state_->smtp || state_->started.exchange(true)) return;
  async::Spawn(state_->executor, State::Loop(state_), "mail delivery");
}

void MailSender::Stop() { state_->started = false; }

Task<std::size_t> MailSender::DeliverDue() {
  if (!state_->smtp) co_return std::size_t{0};
  co_return co_await State::Pass(state_);
}

}  // namespace sallyport::signin
